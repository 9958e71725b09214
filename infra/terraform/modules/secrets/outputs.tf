output "arns" {
  description = "Secrets by name: redis-api, redis-consumer, kafka-api, kafka-consumer, database."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
  # Whoever reads or hands out a secret needs it to be there.
  depends_on = [aws_secretsmanager_secret_version.this]
}

output "database_password" {
  description = "The password for PostgreSQL, as it is in Secrets Manager. Ephemeral."
  value       = var.generate ? ephemeral.aws_secretsmanager_secret_version.database[0].secret_string : var.passwords["database"]
  sensitive   = true
  ephemeral   = true
}
