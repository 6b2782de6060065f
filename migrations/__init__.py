"""The schema's history; a package, so that an installed wheel can migrate too."""
