"""What gateway and console share: the server, and how requests are told apart, limited and refused."""
