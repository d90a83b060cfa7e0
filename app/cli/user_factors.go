package cli

import "github.com/spf13/cobra"

// resetMFA is for somebody who lost the phone and the backup codes.
func (p *program) resetMFA() *cobra.Command {
	var email string
	command := &cobra.Command{Use: "reset-mfa", Short: "Remove a user's second factors and end their sessions", Args: cobra.NoArgs,
		Example: "  zygo user reset-mfa --email grace@example.com",
		RunE: func(c *cobra.Command, _ []string) error {
			kernel, settings, err := p.open(c.Context())
			if err != nil {
				return err
			}
			defer kernel.Close()
			if err := newAccounts(kernel, settings).ResetFactors(c.Context(), email); err != nil {
				return err
			}
			return p.print(map[string]string{"email": email}, "", [][]string{
				{email + " has no second factor any more and signs in with the password; their sessions are ended."},
			})
		}}
	command.Flags().StringVar(&email, "email", "", "e-mail address of the user")
	_ = command.MarkFlagRequired("email")
	return command
}
