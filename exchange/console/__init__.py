"""The desk in the browser and over HTTP: pages, and the API `/desk/v1`."""
