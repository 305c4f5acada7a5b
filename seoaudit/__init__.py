"""seoaudit crawls a site, records every redirect hop and says which redirects to mend and how."""
