"""Many drafts at once: a schedule in, every row screened, a workbook and pages out."""
