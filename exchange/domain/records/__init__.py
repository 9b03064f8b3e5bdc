"""How records stand to each other: revisions of one document, rivals, disagreement."""
