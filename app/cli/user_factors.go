package cli

import (
	"zygo/app/identity"

	"github.com/spf13/cobra"
)

// resetMFA is for somebody who lost the phone and the backup codes.
func (p *program) resetMFA() *cobra.Command {
	var email string
	command := &cobra.Command{Use: "reset-mfa", Short: "Remove a user's second factors and end their sessions", Args: cobra.NoArgs,
		Example: "  zygo user reset-mfa --email grace@example.com",
		RunE: p.withIdentity(func(c *cobra.Command, services *identity.Services) error {
			if err := services.Operators.ResetFactors(c.Context(), email); err != nil {
				return err
			}
			return p.print(map[string]string{"email": email}, "", [][]string{
				{email + " has no second factor any more and signs in with the password; their sessions are ended."},
			})
		})}
	takesUser(command, &email)
	return command
}
