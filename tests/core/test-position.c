/* Resizing of the position table, against PyTorch's interpolate (2.15, CPU). */
#include <glib.h>
#include <math.h>

#include "core/encoder/position.h"

static const float table[] = { -3.0f, -0.5f, 3.0f, 2.5f, 2.5f, -1.5f, 0.5f, 3.5f, 2.5f, 2.0f, -2.5f, -1.0f, 1.5f, 0.0f, 4.5f, -0.5f };

struct position_case
{
  const char *name;
  int         rows, columns;
  bool        antialias;
  float       expected[18];
};

static const struct position_case cases[] = {
  { "3x6",
    3,
    6,
    false,
    { -2.34141016f, -1.77598798f, -0.0864003971f, 2.22936368f, 3.02598834f, 2.72410583f, 3.34944725f, 1.93603516f, -0.272333771f,
      -1.89465737f, -0.506347656f, 1.57356739f, 1.75599527f, 0.705457687f, 0.750646532f, 3.33184338f, 1.68690467f, -1.0051918f } },
  { "3x6-antialias",
    3,
    6,
    true,
    { -1.68634856f, -1.52039313f, -0.49102664f, 2.11427903f, 2.99838495f, 3.03423476f, 2.88957047f, 1.67414641f, -0.081280984f,
      -1.3183192f, -0.0521466471f, 1.43878579f, 1.81639171f, 1.13978994f, 0.903034747f, 2.55839777f, 0.86835438f, -1.10991502f } },
  { "9x2",
    9,
    2,
    false,
    { -2.33790827f, 3.17490721f, -1.77598751f, 3.02598763f, -0.842617393f, 2.99693823f, 0.510039628f, 1.95299888f, 1.93603516f,
      -0.506347656f, 2.66064167f, -2.15319324f, 2.04835606f, -0.920912862f, 0.705457926f, 1.6869036f, 0.073434785f, 2.92106843f } },
  { "9x2-antialias",
    9,
    2,
    true,
    { -1.5020299f, 2.67002797f, -1.15776658f, 2.49223304f, -0.384405643f, 2.16712952f, 0.477593094f, 1.4348067f, 1.23773229f,
      -0.213972092f, 1.77238417f, -1.44299722f, 1.6826309f, -0.403596967f, 1.32457018f, 1.37748384f, 1.19335914f, 2.08480406f } },
};

/* Two channels, the second the negative of the first. */
static void
test_torch (gconstpointer data)
{
  const struct position_case *position = data;
  float                       wide[32], out[36];

  for (int i = 0; i < 16; i++)
    {
      wide[2 * i] = table[i];
      wide[2 * i + 1] = -table[i];
    }
  g_assert_true (dino_position_resize (wide, 4, out, position->rows, position->columns, 2, position->antialias, NULL));
  for (int i = 0; i < 18; i++)
    {
      g_assert_cmpfloat (fabs ((double) out[2 * i] - position->expected[i]), <=, 2e-6);
      g_assert_cmpfloat (fabs ((double) out[2 * i + 1] + position->expected[i]), <=, 2e-6);
    }
}

static void
test_same_size (void)
{
  float out[16];

  g_assert_true (dino_position_resize (table, 4, out, 4, 4, 1, false, NULL));
  g_assert_cmpmem (out, sizeof out, table, sizeof table);
  g_assert_true (dino_position_resize (table, 2, out, 2, 2, 4, true, NULL));
  g_assert_cmpmem (out, sizeof out, table, sizeof table);
}

/* Weights sum to one at every place, however far the grid is from the table. */
static void
test_constant (void)
{
  static const int sizes[][2] = { { 1, 1 }, { 1, 40 }, { 40, 1 }, { 4, 5 }, { 2, 2 }, { 37, 16 } };

  for (int side = 1; side <= 37; side += 6)
    for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
      for (int antialias = 0; antialias < 2; antialias++)
        {
          const gsize       n = (gsize) sizes[s][0] * (gsize) sizes[s][1];
          g_autofree float *ones = g_new (float, (gsize) side *(gsize) side);
          g_autofree float *out = g_new (float, n);

          for (int i = 0; i < side * side; i++)
            ones[i] = 1.5f;
          g_assert_true (dino_position_resize (ones, side, out, sizes[s][0], sizes[s][1], 1, antialias, NULL));
          for (gsize i = 0; i < n; i++)
            g_assert_cmpfloat (fabs (out[i] - 1.5), <=, 2e-6);
        }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/position/torch/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_torch);
    }
  g_test_add_func ("/position/same-size", test_same_size);
  g_test_add_func ("/position/constant", test_constant);
  return g_test_run ();
}
