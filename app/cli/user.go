package cli

import (
	"github.com/spf13/cobra"

	"zygo/app/identity"
	"zygo/app/identity/operators"
)

func (p *program) user() *cobra.Command {
	command := &cobra.Command{
		Use:   "user",
		Short: "List and make users, reset their passwords, and close their accounts",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.AddCommand(p.userCreate(), p.userList(), p.userInvite(), p.userResetPassword(), p.resetMFA(), p.userSessions(),
		p.userConnectedAccounts(), p.userUnlink(),
		p.userChange("disable", "Close an account and end its sessions at once", "%s is disabled, and their sessions are ended.",
			(*operators.Service).Disable),
		p.userChange("enable", "Open a disabled account again", "%s can sign in again.", (*operators.Service).Enable),
		p.userChange("promote", "Make a user an operator of the instance", "%s is an operator.", (*operators.Service).Promote))
	return command
}

func (p *program) userCreate() *cobra.Command {
	var made operators.NewUser
	var passwordFile string
	create := &cobra.Command{Use: "create", Short: "Make a user who is a member of an organization", Args: cobra.NoArgs,
		Example: "  zygo user create --name Grace --email grace@example.com --organization acme --role editor --password-file -",
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withPassword(c, passwordFile, func(services *identity.Services, password string) error {
				made.Password = password
				if err := services.Operators.CreateUser(c.Context(), made); err != nil {
					return err
				}
				return p.print(map[string]string{"email": made.Email}, "", [][]string{{made.Email + " can sign in."}})
			})
		}}
	create.Flags().StringVar(&made.Name, "name", "", "name")
	create.Flags().StringVar(&made.Email, "email", "", "e-mail address")
	create.Flags().StringVar(&made.Organization, "organization", "", "slug of the organization")
	create.Flags().StringVar(&made.Role, "role", "",
		"owner, admin, editor or viewer; the organization's role of new members where it is left out")
	takesPassword(create, &passwordFile)
	return create
}

func (p *program) userResetPassword() *cobra.Command {
	var email, passwordFile string
	reset := &cobra.Command{Use: "reset-password", Short: "Give a user a new password and end their sessions", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withPassword(c, passwordFile, func(services *identity.Services, password string) error {
				if err := services.Operators.ResetPassword(c.Context(), email, password); err != nil {
					return err
				}
				return p.print(map[string]string{"email": email}, "", [][]string{
					{"The password of " + email + " was changed. All of their sessions have ended."},
				})
			})
		}}
	reset.Flags().StringVar(&email, "email", "", "e-mail address of the user")
	takesPassword(reset, &passwordFile)
	return reset
}

// takesUser lets a command name a user, and requires it.
func takesUser(command *cobra.Command, email *string) {
	command.Flags().StringVar(email, "email", "", "e-mail address of the user")
	_ = command.MarkFlagRequired("email")
}

// takesPassword lets a command read a password from a file, and requires it with the address.
func takesPassword(command *cobra.Command, file *string) {
	command.Flags().StringVar(file, "password-file", "", "file with the password; - is the standard input")
	_ = command.MarkFlagRequired("password-file")
	_ = command.MarkFlagRequired("email")
}

func (p *program) userList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List all users of the instance",
		Args:  cobra.NoArgs,
		RunE: p.withIdentity(func(c *cobra.Command, services *identity.Services) error {
			users, err := services.Operators.Users(c.Context())
			if err != nil {
				return err
			}
			var rows [][]string
			for _, u := range users {
				operator := ""
				if u.Operator {
					operator = "operator"
				}
				rows = append(rows, []string{u.Email, u.Name, u.Organizations, operator})
			}
			return p.print(users, "E-MAIL\tNAME\tORGANIZATIONS\t", rows)
		}),
	}
}

func (p *program) withPassword(c *cobra.Command, file string, use func(*identity.Services, string) error) error {
	password, err := p.readPassword(file)
	if err != nil {
		return err
	}
	return p.withIdentity(func(_ *cobra.Command, services *identity.Services) error { return use(services, password) })(c, nil)
}

// withIdentity opens the instance for what a command does with its accounts.
func (p *program) withIdentity(do func(c *cobra.Command, services *identity.Services) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, _ []string) error {
		kernel, settings, err := p.open(c.Context())
		if err != nil {
			return err
		}
		defer kernel.Close()
		return do(c, newIdentity(kernel, settings))
	}
}
