"""The endpoints: HTTP in, HTTP out; what they do is done by the modules beside this package."""
