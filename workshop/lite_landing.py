def write(site): pass
