package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"zygo/app/identity"
	"zygo/app/identity/operators"
)

// userChange is a command that changes the account of one user.
func (p *program) userChange(use, short, done string, change func(*operators.Service, context.Context, string) error) *cobra.Command {
	var email string
	command := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  cobra.NoArgs,
		RunE: p.withIdentity(func(c *cobra.Command, services *identity.Services) error {
			if err := change(services.Operators, c.Context(), email); err != nil {
				return err
			}
			return p.print(map[string]string{"email": email}, "", [][]string{{fmt.Sprintf(done, email)}})
		}),
	}
	takesUser(command, &email)
	return command
}

func (p *program) userSessions() *cobra.Command {
	var email string
	command := &cobra.Command{
		Use:   "sessions",
		Short: "List the open sessions of a user",
		Args:  cobra.NoArgs,
		RunE: p.withIdentity(func(c *cobra.Command, services *identity.Services) error {
			open, err := services.Operators.SessionsOf(c.Context(), email)
			if err != nil {
				return err
			}
			var rows [][]string
			for _, s := range open {
				rows = append(rows, []string{s.Device, s.Address, s.CreatedAt.Go().Format(time.RFC3339),
					s.LastSeenAt.Go().Format(time.RFC3339)})
			}
			return p.print(open, "DEVICE\tADDRESS\tSIGNED IN\tLAST SEEN", rows)
		}),
	}
	takesUser(command, &email)
	return command
}
