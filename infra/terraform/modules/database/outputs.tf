output "address" {
  description = "The host name."
  value       = aws_db_instance.this.address
}

output "database" {
  description = "The name of the database."
  value       = aws_db_instance.this.db_name
}

output "user" {
  description = "The user, who owns the schema because migrations run as this user."
  value       = aws_db_instance.this.username
}

output "identifier" {
  description = "The name of the instance, for alarms."
  value       = aws_db_instance.this.identifier
}

output "public" {
  description = "Whether it can be reached from outside; never."
  value       = aws_db_instance.this.publicly_accessible
}

output "deletion_protection" {
  description = "Whether it is protected from being deleted."
  value       = aws_db_instance.this.deletion_protection
}
