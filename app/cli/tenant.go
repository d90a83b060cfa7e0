package cli

import (
	"github.com/spf13/cobra"

	"zygo/app/identity"
	"zygo/app/identity/operators"
)

func (p *program) tenant() *cobra.Command {
	command := &cobra.Command{
		Use:   "tenant",
		Short: "Make, list and delete organizations",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	var name, passwordFile string
	var owner operators.NewUser
	create := &cobra.Command{Use: "create", Short: "Make an organization with its owner, who is a new user", Args: cobra.NoArgs,
		Example: "  zygo tenant create --organization Umbrella --name Uma --email uma@example.com --password-file -",
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withPassword(c, passwordFile, func(services *identity.Services, password string) error {
				owner.Password = password
				if err := services.Operators.CreateTenant(c.Context(), name, owner); err != nil {
					return err
				}
				return p.print(map[string]string{
					"organization": name,
					"owner":        owner.Email,
				}, "", [][]string{{name + " is made; " + owner.Email + " owns it."}})
			})
		}}
	flags := create.Flags()
	flags.StringVar(&name, "organization", "", "the organization's name")
	flags.StringVar(&owner.Name, "name", "", "the owner's name")
	flags.StringVar(&owner.Email, "email", "", "the owner's e-mail address")
	flags.StringVar(&passwordFile, "password-file", "", "file with the owner's password; - is the standard input")
	for _, name := range []string{"organization", "name", "email", "password-file"} {
		_ = create.MarkFlagRequired(name)
	}
	command.AddCommand(create, p.tenantList(), p.tenantErase(),
		p.tenantChange("delete", "Begin the deletion of an organization, which can be taken back for 14 days",
			"%s is deleted in 14 days; until then only its owners enter it.", (*operators.Service).DeleteTenantAt),
		p.tenantChange("restore", "Take the deletion of an organization back", "%s is taken back.", (*operators.Service).RestoreTenantAt))
	return command
}
