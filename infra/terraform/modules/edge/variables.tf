variable "name" {
  description = "What everything here is named after; 1 to 27 characters, since a load balancer's name has 32 at most."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,26}$", var.name))
    error_message = "A name is 1 to 27 lower-case letters, digits and hyphens."
  }
}

variable "account_id" {
  description = "The account, 12 digits."
  type        = string
}

variable "partition" {
  description = "The partition of the region."
  type        = string
}

variable "throttles" {
  description = "Requests a second, and at once, that are let through: of the stage, for each method that is not named, and of each method that is. Together they should be no more than account_requests_per_second."
  type = object({
    stage    = object({ rate = number, burst = number })
    view     = object({ rate = number, burst = number })
    claim    = object({ rate = number, burst = number })
    my_claim = object({ rate = number, burst = number })
  })

  validation {
    condition     = alltrue([for throttle in values(var.throttles) : throttle.rate >= 1 && throttle.burst >= 1 && throttle.burst <= throttle.rate * 2])
    error_message = "Rates and bursts are at least 1, and a burst is at most two seconds of its rate."
  }

  validation {
    condition     = var.throttles.view.rate + var.throttles.claim.rate + var.throttles.my_claim.rate <= var.account_requests_per_second
    error_message = "The methods together let more through than API Gateway gives this account in this region; have its quota raised first, and say so in account_requests_per_second."
  }
}

variable "account_requests_per_second" {
  description = "The quota of API Gateway of this account in this region, requests a second; 10,000 unless AWS has raised it."
  type        = number

  validation {
    condition     = var.account_requests_per_second >= 1
    error_message = "The quota is at least one request a second."
  }
}

variable "address_limit" {
  description = "Requests of one address in a window (60, 120, 300 or 600 s) until WAF turns it away, and what it is told to wait, s."
  type        = object({ requests = number, window_seconds = number, retry_after_seconds = number })

  validation {
    condition     = var.address_limit.requests >= 10 && contains([60, 120, 300, 600], var.address_limit.window_seconds) && var.address_limit.retry_after_seconds >= 1
    error_message = "WAF counts at least 10 requests in a window of 60, 120, 300 or 600 s, and Retry-After is at least a second."
  }
}

variable "retry_after_seconds" {
  description = "What a client is told to wait who was throttled, or whose answer did not come, s."
  type        = number

  validation {
    condition     = var.retry_after_seconds >= 1 && floor(var.retry_after_seconds) == var.retry_after_seconds
    error_message = "Retry-After is whole seconds, at least one."
  }
}

variable "timeout_ms" {
  description = "How long the service may take to answer, ms: more than the 5 s that it gives itself, and 29 s at most, which is as long as API Gateway waits."
  type        = number

  validation {
    condition     = var.timeout_ms > 5000 && var.timeout_ms <= 29000
    error_message = "The service has more than 5 s and at most 29 s to answer."
  }
}

variable "domain_name" {
  description = "The public name."
  type        = string
}

variable "internal_domain_name" {
  description = "The internal load balancer's name, as in its certificate."
  type        = string
}

variable "hosted_zone_id" {
  description = "The public zone of Route 53 that the public name is in."
  type        = string
}

variable "certificate_arn" {
  description = "The certificate of the public name, in this region."
  type        = string
}

variable "manage_account_logging" {
  description = "Whether this environment sets the role by which API Gateway writes logs, of which there is one in an account and region."
  type        = bool
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "balancer_subnet_ids" {
  description = "Subnets of the network load balancer."
  type        = list(string)
}

variable "security_group_id" {
  description = "The network load balancer's group."
  type        = string
}

variable "balancer" {
  description = "The internal load balancer: its ARN, and that of its listener for members."
  type        = object({ arn = string, members_listener_arn = string })
}

variable "deletion_protection" {
  description = "Whether the network load balancer can be deleted only after this was turned off."
  type        = bool
}

variable "log_retention_days" {
  description = "How many days logs are kept."
  type        = number
}

variable "log_key_arn" {
  description = "The key that logs are encrypted by."
  type        = string
}
