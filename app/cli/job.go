package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"zygo/app/fault"
	"zygo/jobs"
)

func (p *program) job() *cobra.Command {
	command := &cobra.Command{
		Use:   "job",
		Short: "List, run, retry and cancel the jobs of a stopped instance",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	var filter jobs.Filter
	var state string
	list := &cobra.Command{
		Use:     "list",
		Short:   "List jobs, newest first",
		Args:    cobra.NoArgs,
		Example: "  zygo job list --state failed",
		RunE: func(c *cobra.Command, _ []string) error {
			if filter.State = jobs.State(state); state != "" && !slices.Contains(jobs.States, filter.State) {
				return fmt.Errorf("%w: --state takes one of %s, not %q", errUsage, stateNames(), state)
			}
			return p.listJobs(c.Context(), filter)
		},
	}
	list.Flags().StringVar(&filter.Name, "name", "", "only those of this name, such as send-email")
	list.Flags().StringVar(&state, "state", "", "only those in this state: "+stateNames())
	list.Flags().IntVar(&filter.Limit, "limit", 50, "how many")
	run := &cobra.Command{
		Use:     "run NAME",
		Short:   "Do the waiting jobs of this name now, each once",
		Args:    cobra.ExactArgs(1),
		Example: "  zygo job run empty-trash",
		RunE: func(c *cobra.Command, args []string) error {
			count, err := p.doJobs(c.Context(), args[0])
			if err != nil {
				return err
			}
			return p.print(map[string]any{"name": args[0], "count": count}, "", [][]string{{fmt.Sprintf("%s: %d done.", args[0], count)}})
		},
	}
	command.AddCommand(list, run,
		p.jobChange("retry ID", "Make a job due now, with all of its attempts", jobs.Waiting, (*jobs.Queue).Retry),
		p.jobChange("cancel ID", "Cancel a job that waits", jobs.Cancelled, (*jobs.Queue).Cancel))
	return command
}

func stateNames() string {
	var names []string
	for _, s := range jobs.States {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

func (p *program) listJobs(ctx context.Context, filter jobs.Filter) error {
	kernel, _, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer kernel.Close()
	found, err := kernel.Queue().List(ctx, filter)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, j := range found {
		at := j.DueAt
		if j.EndedAt != 0 {
			at = j.EndedAt
		}
		rows = append(rows, []string{j.ID, j.Name, string(j.State), strconv.Itoa(j.Attempts), at.String(), j.Error})
	}
	return p.print(append([]jobs.Job{}, found...), "ID\tNAME\tSTATE\tATTEMPTS\tDUE OR ENDED\tERROR", rows)
}

// jobChange is a command that changes one job.
func (p *program) jobChange(use, short string, state jobs.State, change func(*jobs.Queue, context.Context, string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		kernel, _, err := p.open(c.Context())
		if err != nil {
			return err
		}
		defer kernel.Close()
		if err := change(kernel.Queue(), c.Context(), args[0]); err != nil {
			return err
		}
		return p.print(map[string]any{"id": args[0], "state": state}, "", [][]string{{args[0], string(state)}})
	}}
}

// doJobs does the waiting jobs of a name, and tells how many there were. The first one that fails is the command's failure.
func (p *program) doJobs(ctx context.Context, name string) (int, error) {
	loaded, err := p.load()
	if err != nil {
		return 0, err
	}
	i, err := p.newIdleInstance(ctx, loaded.Config, quietLog())
	if err != nil {
		return 0, err
	}
	defer i.Close()
	count, err := i.Kernel.Queue().RunNow(ctx, name)
	if _, ok := fault.As(err); err != nil && !ok {
		err = fault.New(fault.Internal, "A job %s failed: %s", name, err)
	}
	return count, err
}
