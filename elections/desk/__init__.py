"""The desk's pages about what is official: propose, preview, confirm by a second person."""
