package cli

import (
	"zygo/app/identity"

	"github.com/spf13/cobra"
)

// userInvite asks somebody into an organization and prints the link, for an instance without a mail server too.
func (p *program) userInvite() *cobra.Command {
	var email, organization, role string
	command := &cobra.Command{Use: "invite", Short: "Invite somebody to an organization and print the link", Args: cobra.NoArgs,
		Example: "  zygo user invite --email grace@example.com --organization acme --role editor",
		RunE: p.withIdentity(func(c *cobra.Command, services *identity.Services) error {
			invited, err := services.Operators.InviteByOperator(c.Context(), organization, email, role)
			if err != nil {
				return err
			}
			return p.print(invited, "", [][]string{{invited.Email + " can join by this link, once and for 7 days: " + invited.Link}})
		})}
	command.Flags().StringVar(&email, "email", "", "e-mail address to invite")
	command.Flags().StringVar(&organization, "organization", "", "slug of the organization")
	command.Flags().StringVar(&role, "role", "editor", "owner, admin, editor, viewer or the id of a role")
	_ = command.MarkFlagRequired("email")
	return command
}
