output "balancer" {
  description = "The internal load balancer: its ARN, the ARN of the listener for members, and its name for alarms."
  value = {
    arn                  = aws_lb.this.arn
    arn_suffix           = aws_lb.this.arn_suffix
    members_listener_arn = aws_lb_listener.this["members"].arn
    internal             = aws_lb.this.internal
  }
}

output "target_groups" {
  description = "Names of the target groups by role, for alarms."
  value       = { for role, group in aws_lb_target_group.role : role => group.arn_suffix }
}

output "cluster_name" {
  description = "The cluster of tasks."
  value       = aws_ecs_cluster.this.name
}

output "service_names" {
  description = "The services by role."
  value       = { for role, service in aws_ecs_service.this : role => service.name }
}

output "min_tasks" {
  description = "How many tasks of each role there are at least."
  value       = { api = var.api.min_tasks, consumer = var.consumer.min_tasks }
}

output "containers" {
  description = "What a task of each role is told, by container; without secrets, which are only named."
  value = {
    for role, task in aws_ecs_task_definition.this : role => {
      for container in jsondecode(task.container_definitions) : container.name => {
        user        = container.user
        read_only   = container.readonlyRootFilesystem
        environment = { for variable in container.environment : variable.name => variable.value }
        secrets     = { for secret in container.secrets : secret.name => secret.valueFrom }
      }
    }
  }
}

output "scheduled" {
  description = "What is scheduled for openings: when, and how many tasks there must be then."
  value = {
    for name, action in merge(
      { for name, action in aws_appautoscaling_scheduled_action.out : "${name} out" => action },
      { for name, action in aws_appautoscaling_scheduled_action.back : "${name} back" => action },
    ) : name => { at = action.schedule, min_tasks = tonumber(action.scalable_target_action[0].min_capacity) }
  }
}

output "log_metrics" {
  description = "The namespace and the names of what is counted in logs."
  value       = { namespace = local.metric_namespace, names = keys(local.filters) }
}
