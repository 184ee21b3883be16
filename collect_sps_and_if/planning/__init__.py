"""Which queries a day asks: `wishes` is what the settings ask for, `policy` decides, `days_plan` keeps."""
