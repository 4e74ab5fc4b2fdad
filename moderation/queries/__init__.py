"""Reading the casework, always in a fixed number of queries.

`casework` feeds the services, `desk` and `job_page` the screens, `standing` the platform's API.
"""
