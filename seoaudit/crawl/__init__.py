"""The network: requests in, records out. Nothing else may import scrapy or pycurl."""
