package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"zygo/app/identity"
	"zygo/app/identity/operators"
)

func (p *program) tenantList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the organizations of the instance",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			kernel, settings, err := p.open(c.Context())
			if err != nil {
				return err
			}
			defer kernel.Close()
			all, err := newIdentity(kernel, settings).Operators.ListTenants(c.Context())
			if err != nil {
				return err
			}
			var rows [][]string
			list, kind := make([]json.RawMessage, len(all)), operators.Organizations.Name
			for i, o := range all {
				of, _ := kernel.Kind(kind)
				list[i] = of.AppendJSON(nil, &all[i], nil)
				state := "active"
				switch {
				case o.SuspendedAt != 0:
					state = "suspended"
				case o.DeleteAt != 0:
					state = "deleted at " + o.DeleteAt.Go().UTC().Format(time.RFC3339)
				}
				rows = append(rows, []string{o.Slug, o.Name, strconv.Itoa(o.Members), o.Owners, state})
			}
			return p.print(list, "SLUG\tNAME\tMEMBERS\tOWNERS\tSTATE", rows)
		},
	}
}

// tenantChange is a command that changes one organization.
func (p *program) tenantChange(use, short, done string, change func(*operators.Service, context.Context, string) error) *cobra.Command {
	var slug string
	command := &cobra.Command{
		Use:     use,
		Short:   short,
		Args:    cobra.NoArgs,
		Example: "  zygo tenant " + use + " --organization umbrella",
		RunE: p.withIdentity(func(c *cobra.Command, services *identity.Services) error {
			if err := change(services.Operators, c.Context(), slug); err != nil {
				return err
			}
			return p.print(map[string]string{"organization": slug}, "", [][]string{{fmt.Sprintf(done, slug)}})
		}),
	}
	command.Flags().StringVar(&slug, "organization", "", "slug of the organization")
	_ = command.MarkFlagRequired("organization")
	return command
}

func (p *program) tenantErase() *cobra.Command {
	return &cobra.Command{
		Use:   "erase",
		Short: "Remove all of the deleted organizations whose 14 days are over, as a running instance does each hour",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if _, err := p.doJobs(c.Context(), "erase-organizations"); err != nil {
				return err
			}
			return p.print(map[string]bool{"ok": true}, "", [][]string{{"What was due is removed."}})
		},
	}
}
