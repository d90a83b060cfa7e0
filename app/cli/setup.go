package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/identity/signin"
)

// longestPasswordFile bounds what is read where a password is expected.
const longestPasswordFile = 4 << 10

func (p *program) setup() *cobra.Command {
	var first signin.First
	var passwordFile string
	command := &cobra.Command{
		Use: "setup", Short: "Make the operator's account and the first organization", Args: cobra.NoArgs,
		Example: "  zygo setup --name 'Ada Lovelace' --email ada@example.com --organization Acme --password-file - < password",
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withPassword(c, passwordFile, func(services *identity.Services, password string) error {
				first.Password = password
				if err := services.SignIn.SetUpByOperator(c.Context(), first); err != nil {
					return err
				}
				return p.print(map[string]string{
					"email":        first.Email,
					"organization": first.Organization,
				}, "", [][]string{{"The account and the organization are made. Start Zygo with: zygo serve"}})
			})
		},
	}
	flags := command.Flags()
	flags.StringVar(&first.Name, "name", "", "the operator's name")
	flags.StringVar(&first.Email, "email", "", "the operator's e-mail address")
	flags.StringVar(&first.Organization, "organization", "", "the first organization's name")
	flags.StringVar(&passwordFile, "password-file", "", "file with the password; - is the standard input")
	for _, name := range []string{"name", "email", "organization", "password-file"} {
		_ = command.MarkFlagRequired(name)
	}
	return command
}

// readPassword takes a password from a file or the standard input, never from an argument, which every process could see.
func (p *program) readPassword(path string) (string, error) {
	from := p.In
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return "", fault.New(fault.NotFound, "The password file %s can't be read.", path).Because(err)
		}
		defer file.Close()
		from = file
	}
	text, err := io.ReadAll(io.LimitReader(from, longestPasswordFile))
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}
