# What only the log tells. The texts are those of the service; .ci/check-terraform holds them against its source.

locals {
  metric_namespace = "Coupon/${var.name}"

  filters = {
    DeadLetters       = { role = "consumer", pattern = "{ $.message = \"*has become a dead letter*\" }" }
    Suspensions       = { role = "consumer", pattern = "{ $.message = \"*is suspended: Redis has lost something*\" }" }
    Evictions         = { role = "api", pattern = "{ $.message = \"*Redis may evict keys*\" }" }
    ErrorsOfApis      = { role = "api", pattern = "{ $.level = \"ERROR\" }" }
    ErrorsOfConsumers = { role = "consumer", pattern = "{ $.level = \"ERROR\" }" }
  }
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  for_each = local.filters

  name           = "${var.name}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.task[each.value.role].name
  pattern        = each.value.pattern

  metric_transformation {
    namespace     = local.metric_namespace
    name          = each.key
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}
