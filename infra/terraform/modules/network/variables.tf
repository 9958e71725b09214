variable "name" {
  description = "What everything here is named after."
  type        = string
}

variable "account_id" {
  description = "The account, 12 digits."
  type        = string
}

variable "region" {
  description = "The region."
  type        = string
}

variable "partition" {
  description = "The partition of the region."
  type        = string
}

variable "cidr" {
  description = "Addresses of the VPC, a /16."
  type        = string

  validation {
    condition     = can(cidrnetmask(var.cidr)) && endswith(var.cidr, "/16")
    error_message = "The addresses of the VPC are a /16, such as 10.40.0.0/16."
  }
}

variable "availability_zones" {
  description = "Exactly three zones of the region: Kafka has one broker and each shard of Redis one node in each."
  type        = list(string)

  validation {
    condition     = length(var.availability_zones) == 3 && length(distinct(var.availability_zones)) == 3
    error_message = "Three different zones are needed."
  }
}

variable "nat_gateways" {
  description = "NAT gateways, for the way out to the issuer of tokens: 3, one in each zone; 1, whose zone takes the way out of all with it; or 0, where the issuer is inside."
  type        = number

  validation {
    condition     = contains([0, 1, 3], var.nat_gateways)
    error_message = "There are 0, 1 or 3 NAT gateways."
  }
}

variable "issuer_cidrs" {
  description = "Where the issuer of tokens may be, port 443."
  type        = set(string)
}

variable "operator_cidrs" {
  description = "Private addresses that operators come from, port 8443 of the internal load balancer."
  type        = set(string)
}

variable "metrics_security_group_ids" {
  description = "Security groups of Prometheus, which may read port 8081 of the tasks."
  type        = set(string)
}

variable "flow_log_traffic" {
  description = "Which connections are logged: ALL, ACCEPT or REJECT."
  type        = string
}

variable "log_retention_days" {
  description = "How many days logs are kept."
  type        = number
}

variable "log_key_arn" {
  description = "The key that logs are encrypted by."
  type        = string
}
