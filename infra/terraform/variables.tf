# Bounds that concern one module are checked by that module; here is what concerns the whole.

# --- Where --------------------------------------------------------------------------------------------------------

variable "name" {
  description = "What everything is named after, together with the environment; 1 to 16 characters."
  type        = string
  default     = "coupon"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,15}$", var.name))
    error_message = "The name is 1 to 16 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "environment" {
  description = "dev or prod."
  type        = string

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "The environment is dev or prod."
  }
}

variable "account_id" {
  description = "The account, 12 digits. With the credentials of another one nothing is planned."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account has 12 digits."
  }
}

variable "region" {
  description = "The region, which has at least three zones."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "That is not the name of a region."
  }
}

variable "availability_zones" {
  description = "Three zones of the region."
  type        = list(string)

  validation {
    condition     = length(distinct(var.availability_zones)) == 3 && length(var.availability_zones) == 3 && alltrue([for zone in var.availability_zones : startswith(zone, var.region)])
    error_message = "Three different zones of the region are needed."
  }
}

variable "tags" {
  description = "Tags of everything, besides Service, Environment and ManagedBy."
  type        = map(string)
  default     = {}
}

# --- Network ------------------------------------------------------------------------------------------------------

variable "vpc_cidr" {
  description = "Addresses of the VPC, a /16."
  type        = string
}

variable "nat_gateways" {
  description = "NAT gateways, for the way out to the issuer of tokens: 3, one in each zone; 1; or 0, where the issuer is inside."
  type        = number
}

variable "issuer_cidrs" {
  description = "Addresses of the issuer of tokens, port 443. Everywhere, where it does not say what its addresses are."
  type        = set(string)
  default     = ["0.0.0.0/0"]

  validation {
    condition     = alltrue([for cidr in var.issuer_cidrs : can(cidrnetmask(cidr))])
    error_message = "Addresses of the issuer are networks of IPv4, such as 203.0.113.0/24."
  }
}

variable "operator_cidrs" {
  description = "Private addresses that operators come from, such as a VPN's, to port 8443 of the internal load balancer. None by default."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.operator_cidrs : can(cidrnetmask(cidr)) && can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)", cidr))])
    error_message = "Operators come from private networks of IPv4, such as 10.20.0.0/24: the admin API is not public."
  }
}

variable "metrics_security_group_ids" {
  description = "Security groups of Prometheus, which may read port 8081 of the tasks."
  type        = set(string)
  default     = []
}

variable "flow_log_traffic" {
  description = "Which connections are logged: ALL, ACCEPT or REJECT."
  type        = string
  default     = "ALL"

  validation {
    condition     = contains(["ALL", "ACCEPT", "REJECT"], var.flow_log_traffic)
    error_message = "Flow logs have ALL, ACCEPT or REJECT."
  }
}

# --- Names --------------------------------------------------------------------------------------------------------

variable "domain_name" {
  description = "The public name of the API, such as coupon.example.com."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "That is not a host name."
  }
}

variable "internal_domain_name" {
  description = "The name of the internal load balancer, such as internal.coupon.example.com; another one than the public name."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.internal_domain_name)) && var.internal_domain_name != var.domain_name
    error_message = "The internal name is a host name, and not the public one."
  }
}

variable "hosted_zone_id" {
  description = "The public zone of Route 53 that the public name is in."
  type        = string
}

variable "certificate_arn" {
  description = "A certificate of ACM in this region for both names, by an authority that API Gateway believes: one of ACM's own."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/", var.certificate_arn))
    error_message = "A certificate is named by its ARN in ACM."
  }
}

# --- Secrets ------------------------------------------------------------------------------------------------------

variable "secrets_version" {
  description = "Whole number; raise it by one to replace all passwords and, with them, all tasks."
  type        = number
  default     = 1

  validation {
    condition     = var.secrets_version >= 1 && floor(var.secrets_version) == var.secrets_version
    error_message = "The version of the secrets is a whole number from 1 on."
  }
}

variable "generate_passwords" {
  description = "Whether passwords are made by Secrets Manager. If not, `passwords` brings them."
  type        = bool
  default     = true
}

variable "passwords" {
  description = "Where they are not made: passwords of 32 to 128 letters and digits, by redis-api, redis-consumer, kafka-api, kafka-consumer and database. Ephemeral: in no plan and no state, but for those of Redis."
  type        = map(string)
  default     = {}
  sensitive   = true
  ephemeral   = true

  validation {
    condition = var.generate_passwords || alltrue([
      for name in ["redis-api", "redis-consumer", "kafka-api", "kafka-consumer", "database"] : can(regex("^[A-Za-z0-9]{32,128}$", var.passwords[name]))
    ])
    error_message = "Each of the five passwords is 32 to 128 letters and digits."
  }
}

variable "database_certificates" {
  description = "The certificates of the authorities of RDS in this region (PEM), by which the database is known. AWS publishes them; see the README."
  type        = string

  validation {
    condition     = can(regex("^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\s-]*-----END CERTIFICATE-----\\s*$", replace(var.database_certificates, "/-----END CERTIFICATE-----\\s+-----BEGIN CERTIFICATE-----/", ""))) && length(var.database_certificates) <= 16384
    error_message = "Certificates are PEM and together 16 KiB at most: the bundle of one region, not that of all."
  }
}

# --- Redis, Kafka, PostgreSQL -------------------------------------------------------------------------------------

variable "redis" {
  description = "store: elasticache, whose replicas are all awaited, or memorydb, a durable log. A campaign is on one shard. replicas_per_shard 1 to 5. Snapshots are kept for days."
  type = object({
    store                   = optional(string, "elasticache")
    engine                  = optional(string, "redis")
    engine_version          = optional(string, "7.1")
    node_type               = string
    shards                  = number
    replicas_per_shard      = number
    snapshot_retention_days = optional(number, 7)
  })
}

variable "kafka" {
  description = "Three brokers. version as MSK names it; disks in GiB; partitions 1 to 1000; retention in hours, longer than the longest outage of the database that is planned for; acls_required once there are ACLs."
  type = object({
    version         = optional(string, "3.9.x.kraft")
    instance_type   = string
    volume_gib      = number
    max_volume_gib  = number
    partitions      = optional(number, 6)
    retention_hours = optional(number, 168)
    acls_required   = optional(bool, false)
  })

  validation {
    condition     = var.kafka.partitions >= 1 && var.kafka.partitions <= 1000 && floor(var.kafka.partitions) == var.kafka.partitions
    error_message = "A topic has 1 to 1000 partitions."
  }
}

variable "database" {
  description = "Two zones. engine_version is a major one; disks in GiB; backups are kept for days, 1 to 35."
  type = object({
    engine_version        = optional(string, "18")
    instance_class        = string
    storage_gib           = number
    max_storage_gib       = number
    backup_retention_days = number
  })
}

variable "backup_window" {
  description = "When backups and snapshots are made each day, UTC, outside of drops: hh:mm-hh:mm."
  type        = string
  default     = "01:00-02:00"

  validation {
    condition     = can(regex("^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$", var.backup_window))
    error_message = "A backup window is hh:mm-hh:mm."
  }
}

variable "maintenance_window" {
  description = "When AWS may maintain, UTC, outside of drops: ddd:hh:mm-ddd:hh:mm. A failover in it suspends campaigns for moments."
  type        = string
  default     = "tue:03:00-tue:04:00"

  validation {
    condition     = can(regex("^(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]$", var.maintenance_window))
    error_message = "A maintenance window is ddd:hh:mm-ddd:hh:mm."
  }
}

# --- The service --------------------------------------------------------------------------------------------------

variable "image" {
  description = "The image of both roles in ECR, by digest or by a tag that is not moved."
  type        = string
}

variable "cpu_architecture" {
  description = "X86_64 or ARM64: what the image was built on, because its AOT cache belongs to that Java."
  type        = string
  default     = "X86_64"
}

variable "api" {
  description = "Tasks of the role api: CPU units (1024 for one), memory (MiB), how many at least and at most, and how many requests a minute each should get."
  type        = object({ cpu = number, memory = number, min_tasks = number, max_tasks = number, requests_per_minute = number })
}

variable "consumer" {
  description = "Tasks of the role consumer: CPU units, memory (MiB), how many at least and at most (no more than partitions), and how many records may wait until there is one more."
  type        = object({ cpu = number, memory = number, min_tasks = number, max_tasks = number, lag_records = number })
}

variable "openings" {
  description = "When drops open: from `at` on there are min_tasks of the role api at least, until `back`. Both are at(yyyy-mm-ddThh:mm:ss), once and in UTC, or cron(…), in a time zone. Begin half an hour before."
  type = list(object({
    name      = string
    at        = string
    back      = string
    min_tasks = number
    timezone  = optional(string, "UTC")
  }))
  default = []
}

variable "stop_seconds" {
  description = "How long a task may take to stop, s, 45 to 120."
  type        = number
  default     = 60
}

variable "service_environment" {
  description = "Further properties of the service, as environment variables (docs/configuration.md). No secrets."
  type        = map(string)
  default     = {}
}

variable "tokens" {
  description = "Whose tokens are believed: what they say in iss, where the keys are (https), and whom they are for."
  type        = object({ issuer_uri = string, jwk_set_uri = string, audiences = list(string) })
}

# --- The edge -----------------------------------------------------------------------------------------------------

variable "throttles" {
  description = "Requests a second, and at once, that API Gateway lets through: of the stage, for what is not named, and of each method."
  type = object({
    stage    = object({ rate = number, burst = number })
    view     = object({ rate = number, burst = number })
    claim    = object({ rate = number, burst = number })
    my_claim = object({ rate = number, burst = number })
  })
}

variable "account_requests_per_second" {
  description = "The quota of API Gateway of this account in this region, requests a second."
  type        = number
  default     = 10000
}

variable "address_limit" {
  description = "Requests of one address in a window (60, 120, 300 or 600 s) until WAF turns it away, and what it is told to wait, s."
  type        = object({ requests = number, window_seconds = number, retry_after_seconds = number })
  default     = { requests = 30000, window_seconds = 60, retry_after_seconds = 10 }
}

variable "retry_after_seconds" {
  description = "What a client is told to wait who was throttled, s."
  type        = number
  default     = 1
}

variable "edge_timeout_ms" {
  description = "How long the service may take to answer, ms, more than 5000 and at most 29000."
  type        = number
  default     = 7000
}

variable "manage_account_logging" {
  description = "Whether this environment sets the role by which API Gateway writes logs. There is one in an account and region: where two environments share both, only one sets it."
  type        = bool
  default     = true
}

# --- Operating ----------------------------------------------------------------------------------------------------

variable "deletion_protection" {
  description = "Whether data and load balancers can be deleted only after this was turned off, and leave a last snapshot."
  type        = bool
}

variable "log_retention_days" {
  description = "How many days logs are kept; one of the numbers that CloudWatch knows."
  type        = number

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 or 731 days."
  }
}

variable "subscriptions" {
  description = "Who hears of what: severity page or ticket, protocol email, https, sqs or lambda, and the endpoint."
  type        = list(object({ severity = string, protocol = string, endpoint = string }))
  default     = []
}

variable "thresholds" {
  description = "When alarms ring, in the unit that each name says; a ratio is 0 to 1."
  type = object({
    error_ratio                = optional(number, 0.0144) # 14.4 times the budget of 99.9 %
    latency_p99_ms             = optional(number, 250)    # the objective
    balancer_errors_per_minute = optional(number, 10)
    target_errors_per_minute   = optional(number, 100)
    throttled_per_minute       = optional(number, 10000)
    blocked_per_minute         = optional(number, 1000)
    redis_memory_percent       = optional(number, 75)
    redis_cpu_percent          = optional(number, 80)
    redis_lag_seconds          = optional(number, 1)
    kafka_disk_percent         = optional(number, 80)
    lag_records                = optional(number, 10000)
    database_free_gib          = optional(number, 5)
    database_free_memory_mib   = optional(number, 512)
    database_connections       = optional(number, 80)
    log_errors_per_minute      = optional(number, 10)
  })
  default = {}
}
