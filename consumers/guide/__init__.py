"""The guide (办事指南): one text for guide page, the page posted at the window, family's page and hotline."""
