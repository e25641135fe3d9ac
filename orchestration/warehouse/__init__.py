"""The warehouse's own tables: raw landings and the operations log. Models belong to dbt."""
