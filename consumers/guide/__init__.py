"""The guide (办事指南): one text for guide page, window notice, family's page and hotline."""
