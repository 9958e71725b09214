output "key_arns" {
  description = "The keys by what they are for: data, secrets, telemetry."
  value       = { for name, key in aws_kms_key.this : name => key.arn }
}

output "rotated" {
  description = "Whether all keys are rotated."
  value       = alltrue([for key in aws_kms_key.this : key.enable_key_rotation])
}
