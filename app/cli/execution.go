package cli

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/resource"
)

func (p *program) execution() *cobra.Command {
	command := &cobra.Command{
		Use:   "execution",
		Short: "List, show and cancel executions of a stopped instance",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.PersistentFlags().StringVar(&p.organization, "organization", "", "slug of the organization, where there are several")
	var workflow, status string
	var limit int
	list := &cobra.Command{
		Use:   "list",
		Short: "List executions, newest first",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.within(c.Context(), func(s *resource.Session) error { return p.listExecutions(s, workflow, status, limit) })
		},
	}
	list.Flags().StringVar(&workflow, "workflow", "", "only those of this workflow, by id or name")
	list.Flags().StringVar(&status, "status", "", "only those in this state, such as failed")
	list.Flags().IntVar(&limit, "limit", 20, "how many, 100 at the most")
	command.AddCommand(list, &cobra.Command{
		Use:   "show ID",
		Short: "Show an execution with what each node gave",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return p.within(c.Context(), func(s *resource.Session) error {
				// An engine that was not started only reads.
				view, err := flow.NewEngine(s.Kernel(), nil, nil, flow.Options{}).View(s, args[0])
				if err != nil {
					return err
				}
				return p.printSteps(view)
			})
		},
	}, &cobra.Command{
		Use:   "cancel ID",
		Short: "Cancel an execution that would go on when Zygo starts",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return p.within(c.Context(), func(s *resource.Session) error {
				if err := flow.NewEngine(s.Kernel(), nil, nil, flow.Options{}).Cancel(s, args[0]); err != nil {
					return err
				}
				return p.print(map[string]any{"id": args[0], "status": flow.Cancelled}, "", [][]string{{args[0], string(flow.Cancelled)}})
			})
		},
	})
	return command
}

func (p *program) listExecutions(s *resource.Session, workflow, status string, limit int) error {
	query := resource.Query{Limit: limit, SortBy: "created_at", Descending: true}
	filter := func(field, value string) {
		query.Filters = append(query.Filters, resource.Filter{Field: field, Operator: "eq", Values: []string{value}})
	}
	if workflow != "" {
		w, err := findWorkflow(s, workflow)
		if err != nil {
			return err
		}
		filter("workflow_id", w.ID)
	}
	if status != "" {
		known := flow.Status("").Choices()
		if !slices.ContainsFunc(known, func(c field.Choice) bool { return c.Value == status }) {
			return fmt.Errorf("%w: --status takes a state such as %s or %s, not %q", errUsage, known[0].Value, known[len(known)-1].Value,
				status)
		}
		filter("status", status)
	}
	found, _, err := flow.Executions.List(s, query)
	if err != nil {
		return err
	}
	list := []map[string]any{}
	var rows [][]string
	for _, e := range found {
		list = append(list, map[string]any{
			"id":               e.ID,
			"workflow_id":      e.WorkflowID,
			"workflow_version": e.WorkflowVersion,
			"status":           e.Status,
			"trigger":          e.Trigger,
			"created_at":       e.CreatedAt,
			"finished_at":      e.FinishedAt,
			"error":            e.ErrorMessage,
		})
		rows = append(rows, []string{e.ID, string(e.Status), e.Trigger, e.CreatedAt.String(), e.FinishedAt.String(), e.ErrorMessage})
	}
	return p.print(list, "ID\tSTATUS\tTRIGGER\tCREATED\tFINISHED\tERROR", rows)
}

// printExecution prints an execution that a command ran; one that did not succeed is the command's failure.
func (p *program) printExecution(view *flow.ExecutionView) error {
	if err := p.printSteps(view); err != nil {
		return err
	}
	switch {
	case view.Status == flow.Succeeded:
		return nil
	case view.Error != nil:
		return fault.New(fault.Internal, "The execution %s is %s: %s", view.ID, view.Status, view.Error.Message)
	}
	return fault.New(fault.Unavailable, "The execution %s is %s. It goes on when Zygo starts.", view.ID, view.Status)
}

func (p *program) printSteps(view *flow.ExecutionView) error {
	rows := [][]string{{view.ID, string(view.Status), strconv.FormatInt(view.DurationMS, 10) + " ms", string(view.Output)}}
	for _, step := range view.Nodes {
		said := string(step.Output)
		if step.Error != nil {
			said = step.Error.Code + ": " + step.Error.Message
		}
		rows = append(rows, []string{"  " + step.NodeID, step.Status, strconv.FormatInt(step.DurationMS, 10) + " ms", said})
	}
	return p.print(view, "", rows)
}
