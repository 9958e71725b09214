# Small, and gone without a trace when it is destroyed. Account, names and certificate are placeholders.
environment        = "dev"
account_id         = "111111111111"
region             = "eu-central-1"
availability_zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
vpc_cidr           = "10.40.0.0/16"
nat_gateways       = 1
operator_cidrs     = ["10.20.0.0/24"]

domain_name          = "coupon.dev.example.com"
internal_domain_name = "internal.coupon.dev.example.com"
hosted_zone_id       = "Z000000000000000DEV"
certificate_arn      = "arn:aws:acm:eu-central-1:111111111111:certificate/00000000-0000-0000-0000-000000000001"

tokens = {
  issuer_uri  = "https://issuer.dev.example.com"
  jwk_set_uri = "https://issuer.dev.example.com/.well-known/jwks.json"
  audiences   = ["coupon"]
}

redis = {
  node_type               = "cache.t4g.small"
  shards                  = 1
  replicas_per_shard      = 1
  snapshot_retention_days = 1
}

kafka = {
  instance_type  = "kafka.t3.small"
  volume_gib     = 20
  max_volume_gib = 100
}

database = {
  instance_class        = "db.t4g.medium"
  storage_gib           = 20
  max_storage_gib       = 100
  backup_retention_days = 1
}

api      = { cpu = 2048, memory = 4096, min_tasks = 2, max_tasks = 4, requests_per_minute = 60000 }
consumer = { cpu = 1024, memory = 2048, min_tasks = 2, max_tasks = 3, lag_records = 5000 }

openings = []

throttles = {
  stage    = { rate = 50, burst = 100 }
  view     = { rate = 100, burst = 200 }
  claim    = { rate = 500, burst = 1000 }
  my_claim = { rate = 100, burst = 200 }
}

deletion_protection = false
log_retention_days  = 7
