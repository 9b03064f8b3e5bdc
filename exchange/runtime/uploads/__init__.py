"""The store of files handed in as materials: encrypted, in the home or in an S3-compatible store."""
