//! Connections taken for a run (rules S3, S5, S7).
