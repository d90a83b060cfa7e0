package credentials

import (
	"testing"
)

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"123456":                     "123456",
		" 123 456\r\n":               "123456",
		"123-456":                    "123456",
		"123\u00a0456":               "123456", // no-break space
		"123\u202f456":               "123456", // narrow no-break space
		"123\u2009456\u200a":         "123456", // thin space, hair space
		"123\u3000456":               "123456", // ideographic space
		"\ufeff123\u200b456\u2060":   "123456", // invisible characters of a copied page
		"123\u00ad456":               "123456", // soft hyphen
		"123\u2011456":               "123456", // no-break hyphen
		"123–456":                    "123456",
		"123—456":                    "123456",
		"123\u2212456":               "123456", // minus
		"123ー456":                    "123456", // what a Japanese keyboard gives for a dash
		"１２３－４５６":                    "123456", // full width
		"١٢٣ ٤٥٦":                    "123456", // Arabic
		"۱۲۳۴۵۶":                     "123456", // Persian
		"१२३४५६":                     "123456", // Devanagari
		"𝟭𝟮𝟯𝟰𝟱𝟲":                     "123456", // bold digits of mathematics
		"\u2066123456\u2069":         "123456", // marks of direction
		"“ABCD–efgh ijkl\u00a0MNOP”": "abcdefghijklmnop",
		"ＡＢＣＤ‐２３４５":                  "abcd2345",
		"12345":                      "12345",
		"12345x":                     "12345x",
		"12345\u0430":                "12345", // a letter of another script is in no code
		"":                           "",
		" – ":                        "",
	} {
		if got := readCode(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

func TestBackupCodesAreFoundHoweverTheyWereRead(t *testing.T) {
	t.Parallel()
	const code = "oilb-ab2z-7o7i-lbbb"
	for _, typed := range []string{"oilbab2z7o7ilbbb", "OILB AB2Z 7O7I LBBB", "0118-A82Z-7071-18B8", "oil8 ab2z 7oil 7i",
		"oilb–ab2z–7o7l–1bbb"} {
		same := backupHash(readCode(typed)) == backupHash(readCode(code))
		if want := typed != "oil8 ab2z 7oil 7i"; same != want {
			t.Errorf("%q counts as %s: %v", typed, code, same)
		}
	}
}
