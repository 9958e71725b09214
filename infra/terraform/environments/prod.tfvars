# Account, names, certificate, subscriptions and openings are placeholders.
environment        = "prod"
account_id         = "222222222222"
region             = "eu-central-1"
availability_zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
vpc_cidr           = "10.50.0.0/16"
nat_gateways       = 3
operator_cidrs     = ["10.20.0.0/24"]

domain_name          = "coupon.example.com"
internal_domain_name = "internal.coupon.example.com"
hosted_zone_id       = "Z00000000000000PROD"
certificate_arn      = "arn:aws:acm:eu-central-1:222222222222:certificate/00000000-0000-0000-0000-000000000002"

tokens = {
  issuer_uri  = "https://issuer.example.com"
  jwk_set_uri = "https://issuer.example.com/.well-known/jwks.json"
  audiences   = ["coupon"]
}

redis = {
  node_type               = "cache.r7g.large"
  shards                  = 2
  replicas_per_shard      = 2
  snapshot_retention_days = 7
}

kafka = {
  instance_type   = "kafka.m7g.large"
  volume_gib      = 100
  max_volume_gib  = 1000
  retention_hours = 336
}

database = {
  instance_class        = "db.m7g.large"
  storage_gib           = 100
  max_storage_gib       = 1000
  backup_retention_days = 30
}

api      = { cpu = 4096, memory = 8192, min_tasks = 3, max_tasks = 30, requests_per_minute = 120000 }
consumer = { cpu = 2048, memory = 4096, min_tasks = 2, max_tasks = 6, lag_records = 20000 }

# From half an hour before until an hour after. One-off ones that are over can go.
openings = [
  { name = "friday-drop", at = "cron(30 9 ? * FRI *)", back = "cron(0 11 ? * FRI *)", min_tasks = 12, timezone = "Europe/Berlin" },
  { name = "new-year", at = "at(2099-12-31T22:30:00)", back = "at(2100-01-01T01:00:00)", min_tasks = 24 },
]

throttles = {
  stage    = { rate = 50, burst = 100 }
  view     = { rate = 2000, burst = 2000 }
  claim    = { rate = 6000, burst = 5000 }
  my_claim = { rate = 1500, burst = 1500 }
}

subscriptions = [
  { severity = "page", protocol = "https", endpoint = "https://pager.example.com/sns/coupon" },
  { severity = "ticket", protocol = "email", endpoint = "coupon-team@example.com" },
]

thresholds = {
  lag_records       = 50000
  database_free_gib = 20
}

deletion_protection = true
log_retention_days  = 90
