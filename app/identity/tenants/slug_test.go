package tenants

import (
	"strings"
	"testing"
)

func TestSlugsAreReadableInOtherScripts(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Acme & Sons": "acme-sons", "Ünïcode & Söhne GmbH": "uenicode-soehne-gmbh", "U\u0308nicode": "uenicode", "Straße 7": "strasse-7",
		"Łódź Café": "lodz-cafe", "Ærø Ltd.": "aero-ltd",
		"O’Neil's": "oneils", "ＡＣＭＥ": "acme", "Đà Nẵng": "da-nang", "İstanbul Işık": "istanbul-isik", "株式会社 ABC": "abc",
		"  --Acme--  ": "acme", strings.Repeat("ß", 60): strings.Repeat("s", 50),
	} {
		if got := SlugOf(name); got != want {
			t.Errorf("%q has the slug %s, want %s", name, got, want)
		}
	}
	for _, name := range []string{"株式会社テスト", "Пример", "-", "", "a", "API"} {
		if got := SlugOf(name); !strings.HasPrefix(got, "organization-") {
			t.Errorf("%q has the slug %s", name, got)
		}
	}
}
