package members

import (
	"slices"
	"testing"
)

func TestAddressesAreFoundInWhatPeoplePaste(t *testing.T) {
	t.Parallel()
	both := []string{"ada@example.com", "bob@example.com"}
	for text, want := range map[string][]string{
		"email,name\nada@example.com,Ada\nbob@example.com,Bob\n":                                                        both,
		"sep=;\nemail;name\nada@example.com;Ada\nbob@example.com;Bob\n":                                                 both,
		"Name\tEmail\nAda\tada@example.com\nBob\tbob@example.com\n":                                                     both,
		"First Name,E-mail Address\nAda,ada@example.com\nBob,bob@example.com\n":                                         both,
		"Name,E-mail 1 - Type,E-mail 1 - Value\nAda,* Work,ada@example.com\nBob,,BOB@example.com ::: ada@example.com\n": both,
		"\ufeffEmail,Name\r\nada@example.com,Ada\r\n,Nobody\r\nbob@example.com,Bob\r\n":                                 both,
		"name,email\n\"Lovelace, Ada\",ada@example.com\n\"Builder, Bob\",bob@example.com\n":                             both,
		"Ada Lovelace <ada@example.com>; Bob Builder <bob@example.com>":                                                 both,
		"“Ada” <mailto:ada@example.com>,\u00a0'bob@example.com'.":                                                       both,
		"E-Mail: ada@example.com | Telefon: 123\nE-Mail: bob@example.com":                                               both,
		"ada@example.com bob@example.com ADA@example.com":                                                               both,
		"ada@example.com、bob＠example.com":                                                                               both,
		"ada@münchen.example;ada@xn--mnchen-3ya.example": {
			"ada@xn--mnchen-3ya.example"},
		"o'neil+x@example.com": {"o'neil+x@example.com"},
		"Name;Mail\nAda;ada@\nBob;bob@example.com\nEve;@example.com\nZoe;zoe@@example.com": {"ada@", "bob@example.com", "@example.com",
			"zoe@@example.com"},
		"nobody":       {"nobody"},
		"Name;Phone\n": {"Name;Phone"},
		" \n":          nil,
		"":             nil,
	} {
		if got := addressesIn([]string{text}); !slices.Equal(got, want) {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
	if got := addressesIn([]string{"ada@example.com", "", "Bob <bob@example.com>", "ada@example.com"}); !slices.Equal(got, both) {
		t.Errorf("a list gives %q", got)
	}
}
