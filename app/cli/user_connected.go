package cli

import (
	"fmt"
	"time"
	"zygo/app/identity"

	"github.com/spf13/cobra"
)

func (p *program) userConnectedAccounts() *cobra.Command {
	var email string
	command := &cobra.Command{
		Use:   "connected-accounts",
		Short: "List the accounts at providers that sign a user in",
		Args:  cobra.NoArgs,
		RunE: p.withIdentity(func(c *cobra.Command, services *identity.Services) error {
			linked, err := services.Operators.ConnectedAccountsOf(c.Context(), email)
			if err != nil {
				return err
			}
			var rows [][]string
			for _, one := range linked {
				rows = append(rows, []string{one.Provider, one.Email, one.CreatedAt.Go().Format(time.RFC3339),
					one.UsedAt.Go().Format(time.RFC3339)})
			}
			return p.print(linked, "PROVIDER\tADDRESS\tLINKED\tLAST USED", rows)
		}),
	}
	takesUser(command, &email)
	return command
}

func (p *program) userUnlink() *cobra.Command {
	var email, provider string
	command := &cobra.Command{Use: "unlink", Short: "Unlink a user's account at a provider and end their sessions", Args: cobra.NoArgs,
		Example: "  zygo user unlink --email grace@example.com --provider google",
		RunE: p.withIdentity(func(c *cobra.Command, services *identity.Services) error {
			if err := services.Operators.UnlinkByOperator(c.Context(), email, provider); err != nil {
				return err
			}
			return p.print(map[string]string{
				"email":    email,
				"provider": provider,
			}, "", [][]string{{fmt.Sprintf("The account of %s at %s is unlinked, and their sessions are ended.", email, provider)}})
		})}
	command.Flags().StringVar(&email, "email", "", "e-mail address of the user")
	command.Flags().StringVar(&provider, "provider", "", "google, github, microsoft or apple")
	_ = command.MarkFlagRequired("email")
	_ = command.MarkFlagRequired("provider")
	return command
}
