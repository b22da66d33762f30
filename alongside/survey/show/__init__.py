"""Pictures, the report, and waves beside one another: drawn from what was released and from nothing else."""
