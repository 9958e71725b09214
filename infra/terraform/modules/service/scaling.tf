# The api role follows requests, but a drop opens at one instant, and a task takes a minute or two until it is warm: so
# for an opening there must be enough of them before. The consumer role follows what waits in Kafka.

locals {
  # One-off openings, whose times can be compared with now, which is the time of the plan
  one_off = {
    for opening in var.openings : opening.name => {
      from      = "${substr(opening.at, 3, 19)}Z"
      to        = "${substr(opening.back, 3, 19)}Z"
      min_tasks = opening.min_tasks
    } if startswith(opening.at, "at(")
  }
  # An apply in the middle of one does not take its tasks away.
  running = [
    for times in local.one_off : times.min_tasks
    if timecmp(times.from, plantimestamp()) <= 0 && timecmp(times.to, plantimestamp()) > 0
  ]
  # What is over cannot be scheduled any more.
  ahead = {
    for opening in var.openings : opening.name => {
      out  = !contains(keys(local.one_off), opening.name) || try(timecmp(local.one_off[opening.name].from, plantimestamp()) > 0, false)
      back = !contains(keys(local.one_off), opening.name) || try(timecmp(local.one_off[opening.name].to, plantimestamp()) > 0, false)
    }
  }
  openings = { for opening in var.openings : opening.name => opening }
}

resource "aws_appautoscaling_target" "role" {
  for_each = {
    api      = { min = max(concat([var.api.min_tasks], local.running)...), max = var.api.max_tasks }
    consumer = { min = var.consumer.min_tasks, max = var.consumer.max_tasks }
  }

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.this[each.key].name}"
  min_capacity       = each.value.min
  max_capacity       = each.value.max
}

# --- api ----------------------------------------------------------------------------------------------------------

resource "aws_appautoscaling_policy" "requests" {
  name               = "${var.name}-api-requests"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.role["api"].service_namespace
  scalable_dimension = aws_appautoscaling_target.role["api"].scalable_dimension
  resource_id        = aws_appautoscaling_target.role["api"].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.api.requests_per_minute
    scale_out_cooldown = 30
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = "${aws_lb.this.arn_suffix}/${aws_lb_target_group.role["api"].arn_suffix}"
    }
  }
}

# Requests differ in what they cost.
resource "aws_appautoscaling_policy" "cpu" {
  name               = "${var.name}-api-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.role["api"].service_namespace
  scalable_dimension = aws_appautoscaling_target.role["api"].scalable_dimension
  resource_id        = aws_appautoscaling_target.role["api"].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = 60 # per cent
    scale_out_cooldown = 30
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_appautoscaling_scheduled_action" "out" {
  for_each = { for name, opening in local.openings : name => opening if local.ahead[name].out }

  name               = "${var.name}-${each.key}-out"
  service_namespace  = aws_appautoscaling_target.role["api"].service_namespace
  scalable_dimension = aws_appautoscaling_target.role["api"].scalable_dimension
  resource_id        = aws_appautoscaling_target.role["api"].resource_id
  schedule           = each.value.at
  timezone           = each.value.timezone

  scalable_target_action {
    min_capacity = each.value.min_tasks
    max_capacity = var.api.max_tasks
  }
}

# Only the least that there must be sinks; how many there are is then up to the requests.
resource "aws_appautoscaling_scheduled_action" "back" {
  for_each = { for name, opening in local.openings : name => opening if local.ahead[name].back }

  name               = "${var.name}-${each.key}-back"
  service_namespace  = aws_appautoscaling_target.role["api"].service_namespace
  scalable_dimension = aws_appautoscaling_target.role["api"].scalable_dimension
  resource_id        = aws_appautoscaling_target.role["api"].resource_id
  schedule           = each.value.back
  timezone           = each.value.timezone

  scalable_target_action {
    min_capacity = var.api.min_tasks
    max_capacity = var.api.max_tasks
  }

  # two at once of the same target disturb each other
  depends_on = [aws_appautoscaling_scheduled_action.out]
}

# --- consumer -----------------------------------------------------------------------------------------------------

locals {
  lag_dimensions = {
    "Cluster Name"   = var.kafka.cluster_name
    "Consumer Group" = var.consumer_group
    "Topic"          = var.topic
  }
}

resource "aws_appautoscaling_policy" "lag" {
  for_each = { out = 1, in = -1 }

  name               = "${var.name}-consumer-lag-${each.key}"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.role["consumer"].service_namespace
  scalable_dimension = aws_appautoscaling_target.role["consumer"].scalable_dimension
  resource_id        = aws_appautoscaling_target.role["consumer"].resource_id

  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    metric_aggregation_type = "Maximum"
    cooldown                = each.key == "out" ? 120 : 300

    dynamic "step_adjustment" {
      for_each = each.key == "out" ? [
        { from = 0, to = var.consumer.lag_records * 9, by = 1 },
        { from = var.consumer.lag_records * 9, to = null, by = 2 },
      ] : [{ from = null, to = 0, by = -1 }]

      content {
        metric_interval_lower_bound = step_adjustment.value.from
        metric_interval_upper_bound = step_adjustment.value.to
        scaling_adjustment          = step_adjustment.value.by
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "lag_out" {
  alarm_name          = "${var.name}-scale-consumer-out"
  alarm_description   = "More records wait for the ledger than one more consumer is worth. It scales, and wakes nobody."
  namespace           = "AWS/Kafka"
  metric_name         = "SumOffsetLag"
  dimensions          = local.lag_dimensions
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.consumer.lag_records
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_appautoscaling_policy.lag["out"].arn]
}

resource "aws_cloudwatch_metric_alarm" "lag_in" {
  alarm_name          = "${var.name}-scale-consumer-in"
  alarm_description   = "Nearly nothing waits for the ledger. It scales, and wakes nobody."
  namespace           = "AWS/Kafka"
  metric_name         = "SumOffsetLag"
  dimensions          = local.lag_dimensions
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 15
  comparison_operator = "LessThanOrEqualToThreshold"
  threshold           = floor(var.consumer.lag_records / 10)
  treat_missing_data  = "ignore"
  alarm_actions       = [aws_appautoscaling_policy.lag["in"].arn]
}
