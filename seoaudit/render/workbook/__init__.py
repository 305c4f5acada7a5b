"""The workbook's parts: how a cell is written, how it looks, the long lists, and the summary."""
