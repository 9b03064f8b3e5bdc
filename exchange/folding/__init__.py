"""The pure step: a batch of log messages in, outputs and changed states out; no Kafka, no Faust."""
