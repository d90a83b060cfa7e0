package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zygo/app/fault"
	"zygo/app/flow"
	"zygo/app/resource"
)

// longestFile bounds a workflow's file and an input.
const longestFile = 4 << 20

func (p *program) workflow() *cobra.Command {
	command := &cobra.Command{
		Use:   "workflow",
		Short: "List, export, import, check, publish and run workflows of a stopped instance",
		Args:  cobra.NoArgs,
		Long:  "These commands open the data directory themselves, so the instance must be stopped. Beside a running one use its API.",
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.PersistentFlags().StringVar(&p.organization, "organization", "", "slug of the organization, where there are several")
	command.AddCommand(
		&cobra.Command{Use: "list", Short: "List the workflows", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
			return p.within(c.Context(), p.listWorkflows)
		}},
		&cobra.Command{Use: "export WORKFLOW", Short: "Print a workflow's draft as JSON", Args: cobra.ExactArgs(1),
			Example: "  zygo workflow export 'Triage pushes' > triage.json",
			RunE: func(c *cobra.Command, args []string) error {
				return p.within(c.Context(), func(s *resource.Session) error {
					w, err := findWorkflow(s, args[0])
					if err != nil {
						return err
					}
					portable, err := flow.Export(s, w.ID)
					if err != nil {
						return err
					}
					return p.printJSON(portable)
				})
			}},
		p.importCommand(),
		&cobra.Command{Use: "validate WORKFLOW", Short: "List what keeps a workflow's draft from being published", Args: cobra.ExactArgs(1),
			RunE: func(c *cobra.Command, args []string) error {
				return p.within(c.Context(), func(s *resource.Session) error { return p.validateWorkflow(s, args[0]) })
			}},
		p.publishCommand(),
		p.runWorkflow(),
	)
	return command
}

// within opens the data and gives a session of the operator in the organization that the flag names.
func (p *program) within(ctx context.Context, use func(s *resource.Session) error) error {
	kernel, settings, err := p.open(ctx)
	if err != nil {
		return err
	}
	s, err := newIdentity(kernel, settings).Operators.OperatorIn(ctx, p.organization)
	if err == nil {
		err = use(s)
	}
	return errors.Join(err, kernel.Close())
}

func (p *program) listWorkflows(s *resource.Session) error {
	list := []map[string]any{}
	var rows [][]string
	for page := 1; ; page++ {
		found, _, err := flow.Workflows.List(s, resource.Query{Page: page, Limit: resource.MostRows})
		if err != nil {
			return err
		}
		for _, w := range found {
			state := "disabled"
			if w.Enabled {
				state = "enabled"
			}
			list = append(list, map[string]any{"id": w.ID, "name": w.Name, "enabled": w.Enabled, "published_version": w.PublishedVersion})
			rows = append(rows, []string{w.ID, w.Name, state, strconv.Itoa(w.PublishedVersion)})
		}
		if len(found) < resource.MostRows {
			return p.print(list, "ID\tNAME\tSTATE\tPUBLISHED VERSION", rows)
		}
	}
}

// findWorkflow finds a workflow by its id, or by its name where only one has it.
func findWorkflow(s *resource.Session, word string) (*flow.Workflow, error) {
	w, err := flow.Workflows.Get(s, word)
	if !fault.Is(err, fault.NotFound) {
		return w, err
	}
	found, _, err := flow.Workflows.List(s, resource.Query{
		Limit:   2,
		Filters: []resource.Filter{{Field: "name", Operator: "eq", Values: []string{word}}},
	})
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, fault.New(fault.NotFound, "There is no workflow %q.", word)
	case len(found) > 1:
		return nil, fault.New(fault.Conflict, "Several workflows have the name %q. Name the one you mean by its id.", word)
	}
	return &found[0], nil
}

func (p *program) validateWorkflow(s *resource.Session, word string) error {
	w, err := findWorkflow(s, word)
	if err != nil {
		return err
	}
	problems, err := flow.Problems(s, w.ID)
	if err != nil {
		return err
	}
	if len(problems) == 0 {
		return p.print([]flow.Problem{}, "", [][]string{{w.Name + " can be published."}})
	}
	var rows [][]string
	for _, problem := range problems {
		rows = append(rows, []string{problem.Node, problem.Field, problem.Message})
	}
	if err := p.print(problems, "NODE\tFIELD\tPROBLEM", rows); err != nil {
		return err
	}
	return errFound
}

func (p *program) publishCommand() *cobra.Command {
	var note string
	command := &cobra.Command{
		Use:     "publish WORKFLOW",
		Short:   "Publish a workflow's draft and enable it",
		Args:    cobra.ExactArgs(1),
		Example: "  zygo workflow publish 'Triage pushes' --note 'Tell the new team too'",
		RunE: func(c *cobra.Command, args []string) error {
			return p.within(c.Context(), func(s *resource.Session) error { return p.publishWorkflow(s, args[0], note) })
		},
	}
	command.Flags().StringVar(&note, "note", "", "what changed, for those who look at the versions later")
	return command
}

func (p *program) publishWorkflow(s *resource.Session, word, note string) error {
	w, err := findWorkflow(s, word)
	if err != nil {
		return err
	}
	kind, _ := s.Kernel().Kind("workflow")
	record, err := kind.Act(s, w.ID, "publish", 0, resource.Input{"note": resource.Text(note)})
	if err != nil {
		return err
	}
	version := strconv.Itoa(record.(*flow.Workflow).PublishedVersion)
	return p.print(map[string]string{
		"id":                w.ID,
		"published_version": version,
	}, "", [][]string{{"Version " + version + " of " + w.Name + " is published."}})
}

func (p *program) runWorkflow() *cobra.Command {
	var input string
	var limit time.Duration
	command := &cobra.Command{
		Use:     "run WORKFLOW",
		Short:   "Run the published version, wait for its end and print what it gave",
		Args:    cobra.ExactArgs(1),
		Long:    "Starts the engine without serving. Executions that were unfinished and schedules that are due go on as well while it runs, as they would when the instance starts.",
		Example: "  zygo workflow run 'Triage pushes' --input '{\"ref\": \"main\"}'\n  zygo workflow run 'Triage pushes' --input @event.json --json",
		RunE: func(c *cobra.Command, args []string) error {
			given, err := p.readInput(input)
			if err != nil {
				return err
			}
			loaded, err := p.load()
			if err != nil {
				return err
			}
			i, err := p.newQuietInstance(c.Context(), loaded.Config, quietLog())
			if err != nil {
				return err
			}
			view, err := i.execute(c.Context(), p.organization, args[0], given, limit)
			if err == nil {
				err = p.printExecution(view)
			}
			return errors.Join(err, i.Close())
		},
	}
	command.Flags().StringVar(&input, "input", "", "the trigger's input as JSON; @FILE reads a file and - the standard input")
	command.Flags().DurationVar(&limit, "timeout", time.Hour, "how long to wait for the end; the execution goes on at the next start")
	return command
}

// execute runs a workflow and waits for its end.
func (i *Instance) execute(ctx context.Context, organization, word string, input json.RawMessage,
	limit time.Duration) (*flow.ExecutionView, error) {
	s, err := i.Identity.Operators.OperatorIn(ctx, organization)
	if err != nil {
		return nil, err
	}
	w, err := findWorkflow(s, word)
	if err != nil {
		return nil, err
	}
	id, err := i.engine.Execute(s, w.ID, input)
	if err != nil {
		return nil, err
	}
	if _, err := i.engine.Await(s, id, limit); err != nil {
		return nil, err
	}
	// The signal that ended the wait ended the session's context, too.
	if s, err = i.Identity.Operators.OperatorIn(context.WithoutCancel(ctx), organization); err != nil {
		return nil, err
	}
	return i.engine.View(s, id)
}

func (p *program) readInput(text string) (json.RawMessage, error) {
	if path, ok := strings.CutPrefix(text, "@"); ok || text == "-" {
		if !ok {
			path = "-"
		}
		return p.readFile(path)
	}
	return json.RawMessage(text), nil
}

// readFile reads a file of a bounded size; - is the standard input.
func (p *program) readFile(path string) ([]byte, error) {
	from := p.In
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, fault.New(fault.NotFound, "The file %s can't be read.", path).Because(err)
		}
		defer file.Close()
		from = file
	}
	text, err := io.ReadAll(io.LimitReader(from, longestFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(text) > longestFile {
		return nil, fault.New(fault.TooLarge, "%s is longer than %d MiB.", path, longestFile>>20)
	}
	return text, nil
}
