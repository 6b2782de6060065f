"""What any service needs and no helpdesk idea is in: PostgreSQL, time, errors, loops."""
