/* What the helper writes to the program: there and back, and everything that it
 * might write instead. */
#include <math.h>

#include "core/base/memory.h"
#include "io/dicom-message.h"

#include "io-support.h"

static struct dino_lut *
table_new (size_t n, int first, int bits)
{
  struct dino_lut *lut = dino_lut_new (n, NULL);

  g_assert_nonnull (lut);
  lut->first = first;
  lut->bits = bits;
  for (size_t i = 0; i < n; i++)
    lut->entries[i] = (uint16_t) (i * 7919 % 65536);
  return lut;
}

static void
set_attribute (struct dino_attribute *attribute, const char *keyword, const char *value, bool personal)
{
  attribute->keyword = dino_strdup (keyword, NULL);
  attribute->value = dino_strdup (value, NULL);
  attribute->personal = personal;
}

static struct dino_picture *
make_picture (void)
{
  struct dino_picture    *picture = dino_picture_new (3, 2, 1, 16, NULL);
  struct dino_grey_scale *grey = dino_grey_scale_new (NULL);

  picture->file_bits = 12;
  picture->stored_offset = -32768;
  g_strlcpy (picture->format, "DICOM", sizeof picture->format);
  g_strlcpy (picture->mode, "12-bit grey, signed, MONOCHROME1", sizeof picture->mode);
  memset (picture->samples16, 0, 12);
  grey->modality = table_new (5, -40, 12);
  grey->slope = -0.5;
  grey->intercept = 1e-3;
  grey->has_rescale = true;
  g_strlcpy (grey->unit, "OD", sizeof grey->unit);
  grey->has_padding = true;
  grey->padding_low = -32768;
  grey->padding_high = -32760;
  grey->monochrome1 = true;
  grey->presentation = DINO_PRESENTATION_INVERSE;
  g_assert_true (dino_grey_scale_set_n_voi (grey, 2, NULL));
  grey->voi[0].lut = table_new (300, 17, 10);
  grey->voi[0].window.width = 1;
  g_strlcpy (grey->voi[0].name, "größer", sizeof grey->voi[0].name);
  grey->voi[1].window = (struct dino_window){ -12.25, 400, DINO_VOI_SIGMOID };
  picture->grey = grey;
  picture->attributes = dino_attributes_new (2, NULL);
  set_attribute (&picture->attributes->items[0], "ViewPosition", "PA", false);
  set_attribute (&picture->attributes->items[1], "PatientName", "山田^太郎", true);
  picture->attributes->spacing = DINO_SPACING_CALIBRATED;
  picture->attributes->spacing_x = 0.125;
  picture->attributes->spacing_y = 0.25;
  return picture;
}

static GByteArray *
pack (const struct dino_picture *picture)
{
  struct dino_error error = { 0 };
  size_t            length = 0;
  uint8_t          *message = dino_dicom_message_pack (picture, &length, &error);
  GByteArray       *bytes = g_byte_array_new ();

  assert_no_error (&error);
  g_byte_array_append (bytes, message, (guint) length);
  dino_free (message);
  return bytes;
}

/* As the program does: the head, then as many bytes as it tells. Exactly those
 * are given, in memory of their own, so that a sanitizer sees a step too far. */
static struct dino_picture *
unpack (const guint8 *bytes, gsize length, struct dino_error *error)
{
  struct dino_dicom_head head;
  g_autofree guint8     *own = NULL;

  if (length < DINO_DICOM_HEAD || !dino_dicom_message_read_head (bytes, &head) || head.refused || head.length != length - DINO_DICOM_HEAD)
    {
      dino_error_set (error, DINO_CODE_FORMAT, "head");
      return NULL;
    }
  own = g_memdup2 (bytes + DINO_DICOM_HEAD, head.length);
  return dino_dicom_message_unpack (&head, own, error);
}

static void
assert_tables_equal (const struct dino_lut *a, const struct dino_lut *b)
{
  g_assert_true ((a == NULL) == (b == NULL));
  if (a == NULL)
    return;
  g_assert_cmpint (a->first, ==, b->first);
  g_assert_cmpint (a->bits, ==, b->bits);
  g_assert_cmpmem (a->entries, a->n * 2, b->entries, b->n * 2);
}

static void
assert_greys_equal (const struct dino_grey_scale *a, const struct dino_grey_scale *b)
{
  assert_tables_equal (a->modality, b->modality);
  g_assert_cmpfloat (a->slope, ==, b->slope);
  g_assert_cmpfloat (a->intercept, ==, b->intercept);
  g_assert_cmpint (a->has_rescale, ==, b->has_rescale);
  g_assert_cmpstr (a->unit, ==, b->unit);
  g_assert_cmpint (a->has_padding, ==, b->has_padding);
  g_assert_cmpint (a->padding_low, ==, b->padding_low);
  g_assert_cmpint (a->padding_high, ==, b->padding_high);
  g_assert_cmpint (a->monochrome1, ==, b->monochrome1);
  g_assert_cmpint (a->presentation, ==, b->presentation);
  g_assert_cmpuint (a->n_voi, ==, b->n_voi);
  for (size_t i = 0; i < a->n_voi; i++)
    {
      assert_tables_equal (a->voi[i].lut, b->voi[i].lut);
      g_assert_cmpfloat (a->voi[i].window.center, ==, b->voi[i].window.center);
      g_assert_cmpfloat (a->voi[i].window.width, ==, b->voi[i].window.width);
      g_assert_cmpint (a->voi[i].window.function, ==, b->voi[i].window.function);
      g_assert_cmpstr (a->voi[i].name, ==, b->voi[i].name);
    }
}

static void
assert_equal (const struct dino_picture *a, const struct dino_picture *b)
{
  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  g_assert_cmpint (a->file_bits, ==, b->file_bits);
  g_assert_cmpint (a->stored_offset, ==, b->stored_offset);
  g_assert_cmpstr (a->mode, ==, b->mode);
  g_assert_cmpstr (a->format, ==, b->format);
  assert_greys_equal (a->grey, b->grey);
  g_assert_cmpint (a->attributes->spacing, ==, b->attributes->spacing);
  g_assert_cmpfloat (a->attributes->spacing_x, ==, b->attributes->spacing_x);
  g_assert_cmpfloat (a->attributes->spacing_y, ==, b->attributes->spacing_y);
  g_assert_cmpuint (a->attributes->n, ==, b->attributes->n);
  for (size_t i = 0; i < a->attributes->n; i++)
    {
      g_assert_cmpstr (a->attributes->items[i].keyword, ==, b->attributes->items[i].keyword);
      g_assert_cmpstr (a->attributes->items[i].value, ==, b->attributes->items[i].value);
      g_assert_cmpint (a->attributes->items[i].personal, ==, b->attributes->items[i].personal);
    }
}

static void
test_round_trip (void)
{
  struct dino_picture   *picture = make_picture ();
  g_autoptr (GByteArray) bytes = pack (picture);
  struct dino_error      error = { 0 };
  struct dino_picture   *back = unpack (bytes->data, bytes->len, &error);

  assert_no_error (&error);
  assert_equal (back, picture);
  dino_picture_unref (picture);
  dino_picture_unref (back);
}

static void
test_refusal (void)
{
  const struct dino_dicom_refusal refusal = { .reason = DINO_DICOM_CODESTREAM, .a = -5, .b = G_MAXINT64, .text = "JPEG" };
  struct dino_dicom_refusal       back = { 0 };
  struct dino_dicom_head          head;
  size_t                          length = 0;
  uint8_t                        *message = dino_dicom_message_pack_refusal (&refusal, &length, NULL);

  g_assert_true (dino_dicom_message_read_head (message, &head));
  g_assert_true (head.refused);
  g_assert_cmpuint (head.length, ==, length - DINO_DICOM_HEAD);
  g_assert_true (dino_dicom_message_unpack_refusal (message + DINO_DICOM_HEAD, head.length, &back));
  g_assert_cmpint (back.reason, ==, refusal.reason);
  g_assert_cmpint (back.a, ==, refusal.a);
  g_assert_cmpint (back.b, ==, refusal.b);
  g_assert_cmpstr (back.text, ==, "JPEG");

  for (size_t n = 0; n < head.length; n++)
    {
      g_autofree guint8 *own = g_memdup2 (message + DINO_DICOM_HEAD, n);

      g_assert_false (dino_dicom_message_unpack_refusal (own, n, &back));
    }
  /* A reason that does not exist. */
  message[DINO_DICOM_HEAD] = DINO_DICOM_N_REASONS;
  g_assert_false (dino_dicom_message_unpack_refusal (message + DINO_DICOM_HEAD, head.length, &back));
  dino_free (message);
}

static void
set_u32 (guint8 *at, guint32 value)
{
  for (int i = 0; i < 4; i++)
    at[i] = (guint8) (value >> (8 * i));
}

static void
assert_nonsense (const guint8 *bytes, gsize length)
{
  struct dino_error error = { 0 };

  g_assert_null (unpack (bytes, length, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_FORMAT);
}

/* Cut anywhere, with a head that tells the length that is there. */
static void
test_truncated (void)
{
  struct dino_picture   *picture = make_picture ();
  g_autoptr (GByteArray) bytes = pack (picture);

  for (guint length = 0; length < bytes->len; length++)
    {
      g_autofree guint8 *own = g_memdup2 (bytes->data, bytes->len);

      if (length >= DINO_DICOM_HEAD)
        set_u32 (own + 12, length - DINO_DICOM_HEAD);
      assert_nonsense (own, length);
    }
  dino_picture_unref (picture);
}

/* What may not be believed: every value of a picture that came through. */
static void
assert_sane (const struct dino_picture *picture)
{
  const struct dino_grey_scale *grey = picture->grey;

  g_assert_cmpint (picture->file_bits, >=, 1);
  g_assert_cmpint (picture->file_bits, <=, 16);
  g_assert_true (picture->stored_offset == 0 || picture->stored_offset == -32768);
  g_assert_true (g_utf8_validate (picture->mode, -1, NULL));
  g_assert_true (isfinite (grey->slope) && isfinite (grey->intercept));
  g_assert_cmpuint (grey->n_voi, <=, DINO_VOI_MAX);
  for (size_t i = 0; i < grey->n_voi; i++)
    {
      g_assert_true (grey->voi[i].lut != NULL || grey->voi[i].window.width > 0);
      g_assert_true (g_utf8_validate (grey->voi[i].name, -1, NULL));
    }
  for (size_t i = 0; i < picture->attributes->n; i++)
    {
      g_assert_true (g_utf8_validate (picture->attributes->items[i].keyword, -1, NULL));
      g_assert_true (g_utf8_validate (picture->attributes->items[i].value, -1, NULL));
    }
  if (picture->attributes->spacing != DINO_SPACING_UNKNOWN)
    g_assert_true (picture->attributes->spacing_x > 0 && picture->attributes->spacing_y > 0);
}

static const guint8 changes[] = { 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff, 0x7f };

/* Every byte in ten ways: refused, or a picture whose values are in range. */
static void
test_changed (void)
{
  struct dino_picture   *picture = make_picture ();
  g_autoptr (GByteArray) bytes = pack (picture);
  guint                  n_refused = 0;

  for (guint at = 0; at < bytes->len; at++)
    for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
      {
        struct dino_error    error = { 0 };
        struct dino_picture *back;

        bytes->data[at] ^= changes[i];
        back = unpack (bytes->data, bytes->len, &error);
        bytes->data[at] ^= changes[i];
        n_refused += back == NULL;
        if (back == NULL)
          g_assert_cmpint (error.code, ==, DINO_CODE_FORMAT);
        else
          assert_sane (back);
        /* Magic, kind and length. */
        if (at < 16)
          g_assert_null (back);
        dino_picture_unref (back);
      }
  g_test_message ("%u of %u changes refused", n_refused, bytes->len * (guint) G_N_ELEMENTS (changes));
  dino_picture_unref (picture);
}

/* Lengths and counts beyond all measure, at every place. */
static void
test_wild (void)
{
  static const guint32   wild[] = { 0xffffffff, 0x7fffffff, 0x80000000, 0x00010001, 0x0000ffff };
  struct dino_picture   *picture = make_picture ();
  g_autoptr (GByteArray) bytes = pack (picture);

  for (guint at = 0; at + 4 <= bytes->len; at++)
    for (guint i = 0; i < G_N_ELEMENTS (wild); i++)
      {
        g_autofree guint8   *own = g_memdup2 (bytes->data, bytes->len);
        struct dino_error    error = { 0 };
        struct dino_picture *back;

        set_u32 (own + at, wild[i]);
        back = unpack (own, bytes->len, &error);
        if (back != NULL)
          assert_sane (back);
        dino_picture_unref (back);
      }
  dino_picture_unref (picture);
}

static void
test_heads (void)
{
  static const struct
  {
    guint32 length, width, height;
    bool    accepted;
  } rows[] = {
    { 0, 1, 1, true },
    { 16 << 20, 32768, 1, true },
    { (16 << 20) + 1, 1, 1, false },
    { 0xffffffff, 1, 1, false },
    { 0, 0, 1, false },
    { 0, 1, 0, false },
    { 0, 32769, 1, false },
    { 0, 1, 0xffffffff, false },
  };
  struct dino_picture   *picture = make_picture ();
  g_autoptr (GByteArray) bytes = pack (picture);
  struct dino_dicom_head head;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      set_u32 (bytes->data + 12, rows[i].length);
      set_u32 (bytes->data + 16, rows[i].width);
      set_u32 (bytes->data + 20, rows[i].height);
      g_assert_cmpint (dino_dicom_message_read_head (bytes->data, &head), ==, rows[i].accepted);
    }
  /* More pixels than are read, though no side is too long: before memory is had for them. */
  head = (struct dino_dicom_head){ .length = 0, .width = 32768, .height = 32768 };
  g_assert_null (dino_dicom_message_unpack (&head, bytes->data, &(struct dino_error){ 0 }));
  dino_picture_unref (picture);
}

static void
refuse_changed (void (*change) (struct dino_picture *picture))
{
  struct dino_picture   *picture = make_picture ();
  g_autoptr (GByteArray) bytes = NULL;

  change (picture);
  bytes = pack (picture);
  assert_nonsense (bytes->data, bytes->len);
  dino_picture_unref (picture);
}

static void
set_slope (struct dino_picture *picture)
{
  picture->grey->slope = NAN;
}

static void
set_width (struct dino_picture *picture)
{
  picture->grey->voi[1].window.width = 0;
}

static void
set_center (struct dino_picture *picture)
{
  picture->grey->voi[1].window.center = INFINITY;
}

static void
set_bits (struct dino_picture *picture)
{
  picture->grey->modality->bits = 17;
}

static void
set_offset (struct dino_picture *picture)
{
  picture->stored_offset = -1;
}

static void
set_offset_up (struct dino_picture *picture)
{
  picture->stored_offset = 1;
}

static void
set_offset_down (struct dino_picture *picture)
{
  picture->stored_offset = -32769;
}

static void
set_spacing (struct dino_picture *picture)
{
  picture->attributes->spacing_y = -1;
}

static void
set_terminal (struct dino_picture *picture)
{
  g_strlcpy (picture->mode, "red \x1b[31m", sizeof picture->mode);
}

static void
set_broken_text (struct dino_picture *picture)
{
  picture->attributes->items[0].value[0] = '\xff';
}

/* Values that the helper never writes. */
static void
test_ranges (void)
{
  refuse_changed (set_slope);
  refuse_changed (set_width);
  refuse_changed (set_center);
  refuse_changed (set_bits);
  refuse_changed (set_offset);
  refuse_changed (set_offset_up);
  refuse_changed (set_offset_down);
  refuse_changed (set_spacing);
  refuse_changed (set_terminal);
  refuse_changed (set_broken_text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dicom-message/round-trip", test_round_trip);
  g_test_add_func ("/dicom-message/refusal", test_refusal);
  g_test_add_func ("/dicom-message/truncated", test_truncated);
  g_test_add_func ("/dicom-message/changed", test_changed);
  g_test_add_func ("/dicom-message/wild", test_wild);
  g_test_add_func ("/dicom-message/heads", test_heads);
  g_test_add_func ("/dicom-message/ranges", test_ranges);
  return g_test_run ();
}
