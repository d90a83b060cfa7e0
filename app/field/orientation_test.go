package field

import (
	"image"
	"image/color"
	"testing"
)

// A picture that is wider than high is higher than wide once it is turned by a quarter.
func TestAWidePictureIsTurned(t *testing.T) {
	t.Parallel()
	first, second := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}
	wide := image.NewRGBA(image.Rect(0, 0, 2, 1))
	wide.SetRGBA(0, 0, first)
	wide.SetRGBA(1, 0, second)
	for orientation, want := range map[int]color.RGBA{1: first, 2: second, 3: second, 4: first, 5: first, 6: first, 7: second, 8: second} {
		seen := turned(wide, orientation)
		if high := seen.Bounds().Dy() == 2; high != (orientation >= 5) || seen.RGBAAt(0, 0) != want {
			t.Errorf("orientation %d gives %v, and %v at its corner", orientation, seen.Bounds(), seen.RGBAAt(0, 0))
		}
	}
}
