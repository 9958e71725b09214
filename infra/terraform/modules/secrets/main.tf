# Passwords are made, or brought, as ephemeral values and written to Secrets Manager by write-only arguments: neither a
# plan nor the state has them. A higher version writes all of them anew.

locals {
  # Each role has its own credentials; only the consumer has any for the database.
  secrets = {
    redis-api      = { name = "${var.name}/redis-api", user = null, of = "the api role's password for Redis" }
    redis-consumer = { name = "${var.name}/redis-consumer", user = null, of = "the consumer role's password for Redis" }
    database       = { name = "${var.name}/database", user = null, of = "the consumer role's password for PostgreSQL" }
    # MSK takes secrets of this prefix, with user and password, and no others.
    kafka-api      = { name = "AmazonMSK_${var.name}-api", user = "api", of = "the api role's user of Kafka" }
    kafka-consumer = { name = "AmazonMSK_${var.name}-consumer", user = "consumer", of = "the consumer role's user of Kafka" }
  }
}

ephemeral "aws_secretsmanager_random_password" "made" {
  provider = aws.ephemeral
  for_each = { for name, secret in local.secrets : name => secret if var.generate }

  # Letters and digits, since one of them becomes a part of a JAAS configuration: 48 of 62 have 285 bits.
  password_length     = 48
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "this" {
  for_each = local.secrets

  name                    = each.value.name
  description             = "${var.name}: ${each.value.of}."
  kms_key_id              = var.key_arn
  recovery_window_in_days = var.recovery_window_days
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each = local.secrets

  secret_id                = aws_secretsmanager_secret.this[each.key].id
  secret_string_wo_version = var.secrets_version
  secret_string_wo = (
    each.value.user == null
    ? local.passwords[each.key]
    : jsonencode({ username = each.value.user, password = local.passwords[each.key] })
  )
}

locals {
  passwords = {
    for name in keys(local.secrets) : name =>
    var.generate ? ephemeral.aws_secretsmanager_random_password.made[name].random_password : var.passwords[name]
  }
}

# What was written is read again for PostgreSQL, so that an apply that ends between the two leaves them the same after
# the next one.
ephemeral "aws_secretsmanager_secret_version" "database" {
  provider = aws.ephemeral
  count    = var.generate ? 1 : 0

  secret_id = aws_secretsmanager_secret_version.this["database"].arn
}
