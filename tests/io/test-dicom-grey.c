/* Grey scale, spacing and attributes of DICOM files that are made here. */
#include "dicom-film.h"

#define TAG_PADDING DICOM_TAG (0x0028, 0x0120)
#define TAG_PADDING_LIMIT DICOM_TAG (0x0028, 0x0121)
#define TAG_CENTER DICOM_TAG (0x0028, 0x1050)
#define TAG_WIDTH DICOM_TAG (0x0028, 0x1051)
#define TAG_INTERCEPT DICOM_TAG (0x0028, 0x1052)
#define TAG_SLOPE DICOM_TAG (0x0028, 0x1053)
#define TAG_RESCALE_TYPE DICOM_TAG (0x0028, 0x1054)
#define TAG_EXPLANATION DICOM_TAG (0x0028, 0x1055)
#define TAG_FUNCTION DICOM_TAG (0x0028, 0x1056)
#define TAG_MODALITY_LUT DICOM_TAG (0x0028, 0x3000)
#define TAG_DESCRIPTOR DICOM_TAG (0x0028, 0x3002)
#define TAG_LUT_EXPLANATION DICOM_TAG (0x0028, 0x3003)
#define TAG_LUT_TYPE DICOM_TAG (0x0028, 0x3004)
#define TAG_LUT_DATA DICOM_TAG (0x0028, 0x3006)
#define TAG_VOI_LUT DICOM_TAG (0x0028, 0x3010)
#define TAG_PRESENTATION DICOM_TAG (0x2050, 0x0020)
#define TAG_IMAGER_SPACING DICOM_TAG (0x0018, 0x1164)
#define TAG_NOMINAL_SPACING DICOM_TAG (0x0018, 0x2010)
#define TAG_PIXEL_SPACING DICOM_TAG (0x0028, 0x0030)
#define TAG_CALIBRATION DICOM_TAG (0x0028, 0x0a02)
#define TAG_PATIENT DICOM_TAG (0x0010, 0x0010)
#define TAG_MANUFACTURER DICOM_TAG (0x0008, 0x0070)

static void
test_plain (void)
{
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
  struct dino_picture *picture = film_read (film);

  g_assert_cmpfloat (picture->grey->slope, ==, 1);
  g_assert_cmpfloat (picture->grey->intercept, ==, 0);
  g_assert_false (picture->grey->has_rescale);
  g_assert_null (picture->grey->modality);
  g_assert_cmpstr (picture->grey->unit, ==, "");
  g_assert_cmpuint (picture->grey->n_voi, ==, 0);
  g_assert_false (picture->grey->has_padding);
  g_assert_false (picture->grey->monochrome1);
  g_assert_cmpint (picture->grey->presentation, ==, DINO_PRESENTATION_NONE);
  g_assert_cmpint (picture->attributes->spacing, ==, DINO_SPACING_UNKNOWN);
  dino_picture_unref (picture);
}

/* "US or SS" is told by the representation where the encoding does not say it. */
static void
test_padding (void)
{
  static const struct
  {
    enum dicom_encoding encoding;
    const char         *vr;
    bool                is_signed;
    int                 value, limit; /* limit 1: none */
    int                 low, high;
  } rows[] = {
    { DICOM_EXPLICIT, "US", false, 4095, 1, 4095, 4095 },
    { DICOM_EXPLICIT, "SS", true, -2000, 1, -2000, -2000 },
    { DICOM_EXPLICIT, "US", false, 4095, 4000, 4000, 4095 },
    { DICOM_IMPLICIT, "SS", true, -2000, -1990, -2000, -1990 },
    { DICOM_IMPLICIT, "US", false, 65535, 1, 65535, 65535 },
    { DICOM_BIG_ENDIAN, "SS", true, -7, -20, -20, -7 },
    /* Writers get this wrong: the value in US, the pixels signed. */
    { DICOM_EXPLICIT, "US", true, 63536, 1, -2000, -2000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Dicom)    film = film_new (rows[i].encoding, NULL);
      struct dino_picture *picture;

      film_set_bits (film, 16, 16, 15, rows[i].is_signed);
      dicom_put_word (film, TAG_PADDING, rows[i].vr, rows[i].value);
      if (rows[i].limit != 1)
        dicom_put_word (film, TAG_PADDING_LIMIT, rows[i].vr, rows[i].limit);
      picture = film_read (film);
      g_test_message ("row %u", i);
      g_assert_true (picture->grey->has_padding);
      g_assert_cmpint (picture->grey->padding_low, ==, rows[i].low);
      g_assert_cmpint (picture->grey->padding_high, ==, rows[i].high);
      dino_picture_unref (picture);
    }
}

/* Padding does not count in the range. */
static void
test_padding_range (void)
{
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
  struct dino_picture *picture;

  dicom_put_word (film, TAG_PADDING, "US", 4095);
  picture = film_read (film);
  g_assert_cmpuint (picture->high, ==, 1000);
  g_assert_cmpuint (picture->histogram[4095], ==, 0);
  dino_picture_unref (picture);
}

static void
test_rescale (void)
{
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
  struct dino_picture *picture;

  dicom_put_text (film, TAG_INTERCEPT, "DS", "-1024.5");
  dicom_put_text (film, TAG_SLOPE, "DS", " 2.5e-1 ");
  dicom_put_text (film, TAG_RESCALE_TYPE, "LO", "HU");
  picture = film_read (film);
  g_assert_true (picture->grey->has_rescale);
  g_assert_cmpfloat (picture->grey->slope, ==, 0.25);
  g_assert_cmpfloat (picture->grey->intercept, ==, -1024.5);
  g_assert_cmpstr (picture->grey->unit, ==, "HU");
  g_assert_cmpfloat (dino_grey_scale_modality (picture->grey, 1000), ==, -774.5);
  dino_picture_unref (picture);

  /* "US" is the standard's word for unspecified. */
  dicom_put_text (film, TAG_RESCALE_TYPE, "LO", "US");
  dicom_remove (film, TAG_INTERCEPT);
  picture = film_read (film);
  g_assert_cmpstr (picture->grey->unit, ==, "");
  g_assert_cmpfloat (picture->grey->intercept, ==, 0);
  dino_picture_unref (picture);
}

static Dicom *
table_new (enum dicom_encoding encoding, const char *vr, int n, int first, int bits)
{
  const guint16 descriptor[] = { (guint16) n, (guint16) first, (guint16) bits };
  Dicom        *table = dicom_new (encoding, NULL);

  dicom_put_words (table, TAG_DESCRIPTOR, vr, descriptor, 3);
  return table;
}

static void
assert_table (const struct dino_lut *lut, int first, int bits, const int *entries, size_t n)
{
  g_assert_nonnull (lut);
  g_assert_cmpuint (lut->n, ==, n);
  g_assert_cmpint (lut->first, ==, first);
  g_assert_cmpint (lut->bits, ==, bits);
  for (size_t i = 0; i < n; i++)
    g_assert_cmpint (lut->entries[i], ==, entries[i]);
}

static void
test_modality_table (void)
{
  static const guint16             words[] = { 5, 4000, 65535, 77 };
  static const int                 wide[] = { 5, 4000, 65535, 77 };
  static const int                 narrow[] = { 5, 40, 255, 7 };
  static const enum dicom_encoding encodings[] = { DICOM_EXPLICIT, DICOM_IMPLICIT, DICOM_BIG_ENDIAN };

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    for (guint bits = 8; bits <= 16; bits += 8)
      {
        g_autoptr (Dicom)    film = film_new (encodings[i], NULL);
        Dicom               *table = table_new (encodings[i], "SS", 4, -10, (int) bits);
        struct dino_picture *picture;

        film_set_bits (film, 16, 12, 11, true);
        dicom_put_text (table, TAG_LUT_TYPE, "LO", "OD");
        if (bits == 16)
          dicom_put_words (table, TAG_LUT_DATA, "OW", words, 4);
        else
          dicom_put_words (table, TAG_LUT_DATA, "OW", (const guint16[]){ 5 | 40 << 8, 255 | 7 << 8 }, 2);
        dicom_put_item (film, TAG_MODALITY_LUT, table);
        picture = film_read (film);
        g_test_message ("encoding %u, %u bits", encodings[i], bits);
        assert_table (picture->grey->modality, -10, (int) bits, bits == 16 ? wide : narrow, 4);
        g_assert_cmpstr (picture->grey->unit, ==, "OD");
        g_assert_false (picture->grey->has_rescale);
        dino_picture_unref (picture);
      }
}

/* Eight bits in a word each, as many write them, and a table of 65536 entries, whose count is told as 0. */
static void
test_table_forms (void)
{
  static const guint16 words[] = { 5, 40, 255, 7 };
  static const int     entries[] = { 5, 40, 255, 7 };
  g_autofree guint16  *large = g_new0 (guint16, 65536);
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
  Dicom               *table = table_new (DICOM_EXPLICIT, "US", 4, 1, 8);
  struct dino_picture *picture;

  dicom_put_words (table, TAG_LUT_DATA, "US", words, 4);
  dicom_put_item (film, TAG_MODALITY_LUT, table);
  picture = film_read (film);
  assert_table (picture->grey->modality, 1, 8, entries, 4);
  dino_picture_unref (picture);

  for (guint i = 0; i < 65536; i++)
    large[i] = (guint16) (65535 - i);
  table = table_new (DICOM_EXPLICIT, "US", 0, 0, 16);
  dicom_put_words (table, TAG_LUT_DATA, "OW", large, 65536);
  dicom_remove (film, TAG_MODALITY_LUT);
  dicom_put_item (film, TAG_MODALITY_LUT, table);
  picture = film_read (film);
  g_assert_cmpuint (picture->grey->modality->n, ==, 65536);
  g_assert_cmpint (picture->grey->modality->entries[1], ==, 65534);
  dino_picture_unref (picture);
}

/* Eight bits in bytes, odd in number too; a count in SS is what it is without its sign. */
static void
test_table_bytes (void)
{
  static const guint8  bytes[] = { 5, 40, 255, 7, 9, 0 };
  static const int     entries[] = { 5, 40, 255, 7, 9 };
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
  Dicom               *table = dicom_new (DICOM_EXPLICIT, NULL);
  g_autofree guint16  *large = g_new0 (guint16, 40000);
  struct dino_picture *picture;

  dicom_put_words (table, DICOM_TAG (0x0028, 0x3002), "US", (const guint16[]){ 5, 1, 8 }, 3);
  dicom_put_bytes (table, TAG_LUT_DATA, "OB", bytes, sizeof bytes);
  dicom_put_item (film, TAG_MODALITY_LUT, table);
  picture = film_read (film);
  assert_table (picture->grey->modality, 1, 8, entries, 5);
  dino_picture_unref (picture);

  large[39999] = 12;
  table = dicom_new (DICOM_EXPLICIT, NULL);
  dicom_put_words (table, DICOM_TAG (0x0028, 0x3002), "SS", (const guint16[]){ 40000, 0, 16 }, 3);
  dicom_put_words (table, TAG_LUT_DATA, "OW", large, 40000);
  dicom_remove (film, TAG_MODALITY_LUT);
  dicom_put_item (film, TAG_MODALITY_LUT, table);
  picture = film_read (film);
  g_assert_cmpuint (picture->grey->modality->n, ==, 40000);
  g_assert_cmpint (picture->grey->modality->entries[39999], ==, 12);
  dino_picture_unref (picture);
}

static void
refuse_table (guint32 sequence, Dicom *table, const char *part)
{
  g_autoptr (Dicom) film = film_new (DICOM_EXPLICIT, NULL);

  dicom_put_item (film, sequence, table);
  film_refused (film, DINO_CODE_FORMAT, part);
}

static void
test_wrong_tables (void)
{
  static const guint16 words[] = { 5, 40, 255, 7 };
  Dicom               *table = table_new (DICOM_EXPLICIT, "US", 4, 0, 12);

  refuse_table (TAG_MODALITY_LUT, table, "its modality lookup table makes no sense");
  table = table_new (DICOM_EXPLICIT, "US", 5, 0, 12);
  dicom_put_words (table, TAG_LUT_DATA, "US", words, 4);
  refuse_table (TAG_VOI_LUT, table, "its VOI lookup table makes no sense");
  table = table_new (DICOM_EXPLICIT, "US", 4, 0, 17);
  dicom_put_words (table, TAG_LUT_DATA, "US", words, 4);
  refuse_table (TAG_MODALITY_LUT, table, "modality lookup table");
  table = table_new (DICOM_EXPLICIT, "US", 4, 0, 0);
  dicom_put_words (table, TAG_LUT_DATA, "US", words, 4);
  refuse_table (TAG_MODALITY_LUT, table, "modality lookup table");
  table = dicom_new (DICOM_EXPLICIT, NULL);
  dicom_put_words (table, TAG_LUT_DATA, "US", words, 4);
  refuse_table (TAG_VOI_LUT, table, "VOI lookup table");
}

static void
assert_window (const struct dino_voi *voi, double center, double width, enum dino_voi_function function, const char *name)
{
  g_assert_null (voi->lut);
  g_assert_cmpfloat (voi->window.center, ==, center);
  g_assert_cmpfloat (voi->window.width, ==, width);
  g_assert_cmpint (voi->window.function, ==, function);
  g_assert_cmpstr (voi->name, ==, name);
}

/* Tables first, then windows; a window that means nothing is left out with its name. */
static void
test_voi (void)
{
  static const guint16 first[] = { 0, 10, 20 };
  static const guint16 second[] = { 7, 6 };
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
  Dicom               *table = table_new (DICOM_EXPLICIT, "US", 3, 100, 12);
  struct dino_picture *picture;

  dicom_put_text (table, TAG_LUT_EXPLANATION, "LO", "NORMAL");
  dicom_put_words (table, TAG_LUT_DATA, "US", first, 3);
  dicom_put_item (film, TAG_VOI_LUT, table);
  table = table_new (DICOM_EXPLICIT, "US", 2, 0, 3);
  dicom_put_words (table, TAG_LUT_DATA, "OW", second, 2);
  dicom_put_item (film, TAG_VOI_LUT, table);
  dicom_put_text (film, TAG_CENTER, "DS", "2000\\40\\-5.5\\3\\9");
  dicom_put_text (film, TAG_WIDTH, "DS", "4000\\0\\1\\0.5\\-4");
  dicom_put_text (film, TAG_EXPLANATION, "LO", "WIDE\\EMPTY\\LINE\\NARROW\\NEGATIVE");
  picture = film_read (film);
  g_assert_cmpuint (picture->grey->n_voi, ==, 4);
  assert_table (picture->grey->voi[0].lut, 100, 12, (const int[]){ 0, 10, 20 }, 3);
  g_assert_cmpstr (picture->grey->voi[0].name, ==, "NORMAL");
  assert_table (picture->grey->voi[1].lut, 0, 3, (const int[]){ 7, 6 }, 2);
  g_assert_cmpstr (picture->grey->voi[1].name, ==, "");
  assert_window (&picture->grey->voi[2], 2000, 4000, DINO_VOI_LINEAR, "WIDE");
  assert_window (&picture->grey->voi[3], -5.5, 1, DINO_VOI_LINEAR, "LINE");
  dino_picture_unref (picture);
}

static void
test_functions (void)
{
  static const struct
  {
    const char            *text;
    enum dino_voi_function function;
    guint                  n;
  } rows[] = { { "LINEAR", DINO_VOI_LINEAR, 1 }, { "LINEAR_EXACT", DINO_VOI_LINEAR_EXACT, 2 }, { "SIGMOID", DINO_VOI_SIGMOID, 2 }, { "OTHER", DINO_VOI_LINEAR, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Dicom)    film = film_new (DICOM_IMPLICIT, NULL);
      struct dino_picture *picture;

      dicom_put_text (film, TAG_CENTER, "DS", "100\\200");
      dicom_put_text (film, TAG_WIDTH, "DS", "50\\0.5");
      dicom_put_text (film, TAG_FUNCTION, "CS", rows[i].text);
      picture = film_read (film);
      g_assert_cmpuint (picture->grey->n_voi, ==, rows[i].n);
      assert_window (&picture->grey->voi[0], 100, 50, rows[i].function, "");
      if (rows[i].n == 2)
        assert_window (&picture->grey->voi[1], 200, 0.5, rows[i].function, "");
      dino_picture_unref (picture);
    }
}

/* Words instead of numbers, a center without a width, far too many windows. */
static void
test_wrong_windows (void)
{
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
  g_autoptr (GString)  many = g_string_new ("1");
  struct dino_picture *picture;

  dicom_put_text (film, TAG_CENTER, "DS", "100");
  picture = film_read (film);
  g_assert_cmpuint (picture->grey->n_voi, ==, 0);
  dino_picture_unref (picture);

  dicom_put_text (film, TAG_WIDTH, "DS", "wide");
  picture = film_read (film);
  g_assert_cmpuint (picture->grey->n_voi, ==, 0);
  dino_picture_unref (picture);

  for (guint i = 1; i < 1000; i++)
    g_string_append (many, "\\7");
  dicom_put_text (film, TAG_CENTER, "DS", many->str);
  dicom_put_text (film, TAG_WIDTH, "DS", many->str);
  picture = film_read (film);
  g_assert_cmpuint (picture->grey->n_voi, >=, 8);
  g_assert_cmpuint (picture->grey->n_voi, <=, DINO_VOI_MAX);
  dino_picture_unref (picture);
}

static void
test_presentation (void)
{
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
  struct dino_picture *picture;

  dicom_put_text (film, TAG_PHOTOMETRIC, "CS", "MONOCHROME1");
  dicom_put_text (film, TAG_PRESENTATION, "CS", "INVERSE");
  picture = film_read (film);
  g_assert_true (picture->grey->monochrome1);
  g_assert_cmpint (picture->grey->presentation, ==, DINO_PRESENTATION_INVERSE);
  g_assert_cmpstr (picture->mode, ==, "12-bit grey, MONOCHROME1");
  dino_picture_unref (picture);

  dicom_put_text (film, TAG_PRESENTATION, "CS", "IDENTITY");
  picture = film_read (film);
  g_assert_cmpint (picture->grey->presentation, ==, DINO_PRESENTATION_IDENTITY);
  dino_picture_unref (picture);
}

/* Row spacing stands first (PS3.3 10.7.1.1). */
static void
test_spacing (void)
{
  static const struct
  {
    const char       *modality;
    guint32           tag;
    const char       *value;
    bool              calibrated;
    enum dino_spacing spacing;
  } rows[] = {
    { "CR", TAG_IMAGER_SPACING, "0.2\\0.1", false, DINO_SPACING_DETECTOR },
    { "DX", TAG_PIXEL_SPACING, "0.2\\0.1", false, DINO_SPACING_DETECTOR },
    { "DX", TAG_PIXEL_SPACING, "0.2\\0.1", true, DINO_SPACING_CALIBRATED },
    { "CR", TAG_NOMINAL_SPACING, "0.2\\0.1", false, DINO_SPACING_DETECTOR },
    { "MR", TAG_PIXEL_SPACING, "0.2\\0.1", false, DINO_SPACING_PLANE },
    { "CR", TAG_IMAGER_SPACING, "0\\0.1", false, DINO_SPACING_UNKNOWN },
    { "CR", TAG_IMAGER_SPACING, "-0.2\\0.1", false, DINO_SPACING_UNKNOWN },
    { "CR", TAG_IMAGER_SPACING, "0.2", false, DINO_SPACING_UNKNOWN },
    { "CR", TAG_IMAGER_SPACING, "inf\\nan", false, DINO_SPACING_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
      struct dino_picture *picture;

      dicom_put_text (film, TAG_MODALITY, "CS", rows[i].modality);
      dicom_put_text (film, rows[i].tag, "DS", rows[i].value);
      if (rows[i].calibrated)
        dicom_put_text (film, TAG_CALIBRATION, "CS", "FIDUCIAL");
      picture = film_read (film);
      g_test_message ("row %u", i);
      g_assert_cmpint (picture->attributes->spacing, ==, rows[i].spacing);
      g_assert_cmpfloat (picture->attributes->spacing_x, ==, rows[i].spacing != DINO_SPACING_UNKNOWN ? 0.1 : 0);
      g_assert_cmpfloat (picture->attributes->spacing_y, ==, rows[i].spacing != DINO_SPACING_UNKNOWN ? 0.2 : 0);
      dino_picture_unref (picture);
    }
}

/* A Pixel Spacing unlike that of the detector must have been calibrated (PS3.3 10.7.1.1). */
static void
test_two_spacings (void)
{
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
  struct dino_picture *picture;

  dicom_put_text (film, TAG_IMAGER_SPACING, "DS", "0.3\\0.4");
  dicom_put_text (film, TAG_PIXEL_SPACING, "DS", "0.3\\0.4");
  picture = film_read (film);
  g_assert_cmpint (picture->attributes->spacing, ==, DINO_SPACING_DETECTOR);
  g_assert_cmpfloat (picture->attributes->spacing_x, ==, 0.4);
  dino_picture_unref (picture);
  dicom_put_text (film, TAG_PIXEL_SPACING, "DS", "0.2\\0.1");
  picture = film_read (film);
  g_assert_cmpint (picture->attributes->spacing, ==, DINO_SPACING_CALIBRATED);
  g_assert_cmpfloat (picture->attributes->spacing_x, ==, 0.1);
  dino_picture_unref (picture);
}

static const struct dino_attribute *
find (const struct dino_picture *picture, const char *keyword)
{
  for (size_t i = 0; i < picture->attributes->n; i++)
    if (strcmp (picture->attributes->items[i].keyword, keyword) == 0)
      return &picture->attributes->items[i];
  return NULL;
}

static void
test_attributes (void)
{
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
  struct dino_picture *picture;

  dicom_put_text (film, TAG_PATIENT, "PN", "DOE^JANE");
  dicom_put_text (film, DICOM_TAG (0x0020, 0x000d), "UI", "1.2.3.4");
  dicom_put_text (film, DICOM_TAG (0x0018, 0x5101), "CS", "PA");
  dicom_put_text (film, DICOM_TAG (0x0020, 0x0020), "CS", "L\\F");
  dicom_put_text (film, TAG_MANUFACTURER, "LO", "Line\nfeed\x1b[1m");
  dicom_put_text (film, DICOM_TAG (0x0008, 0x1030), "LO", "  ");
  picture = film_read (film);
  g_assert_cmpstr (find (picture, "PatientName")->value, ==, "DOE^JANE");
  g_assert_true (find (picture, "PatientName")->personal);
  g_assert_true (find (picture, "StudyInstanceUID")->personal);
  g_assert_cmpstr (find (picture, "ViewPosition")->value, ==, "PA");
  g_assert_false (find (picture, "ViewPosition")->personal);
  g_assert_false (find (picture, "TransferSyntax")->personal);
  g_assert_cmpstr (find (picture, "PatientOrientation")->value, ==, "L\\F");
  g_assert_cmpstr (find (picture, "Rows") != NULL ? "there" : NULL, ==, NULL);
  /* Nothing that steers a terminal. */
  g_assert_cmpstr (find (picture, "Manufacturer")->value, ==, "Linefeed[1m");
  g_assert_null (find (picture, "StudyDescription"));
  dino_picture_unref (picture);
}

static void
test_charsets (void)
{
  static const struct
  {
    const char *charset, *bytes, *text;
  } rows[] = {
    { NULL, "M\xfcller", "M?ller" },
    { "ISO_IR 100", "M\xfcller", "Müller" },
    { "ISO_IR 192", "Mu\xcc\x88ller 山", "Mu\xcc\x88ller 山" },
    { "ISO_IR 192", "M\xfcller", "M?ller" },
    { "ISO_IR 192", "cut \xe5\xb1", "cut ??" },
    { "\\ISO 2022 IR 87", "Yamada^Tarou=\x1b$B;3ED\x1b(B", "Yamada^Tarou=$B;3ED(B" },
    { "ISO_IR 13", "\xd4\xcf\xc0\xde", "????" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
      struct dino_picture *picture;

      if (rows[i].charset != NULL)
        dicom_put_text (film, TAG_CHARSET, "CS", rows[i].charset);
      dicom_put_text (film, TAG_PATIENT, "PN", rows[i].bytes);
      picture = film_read (film);
      g_assert_cmpstr (find (picture, "PatientName")->value, ==, rows[i].text);
      dino_picture_unref (picture);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dicom-grey/plain", test_plain);
  g_test_add_func ("/dicom-grey/padding", test_padding);
  g_test_add_func ("/dicom-grey/padding-range", test_padding_range);
  g_test_add_func ("/dicom-grey/rescale", test_rescale);
  g_test_add_func ("/dicom-grey/modality-table", test_modality_table);
  g_test_add_func ("/dicom-grey/table-forms", test_table_forms);
  g_test_add_func ("/dicom-grey/table-forms/bytes", test_table_bytes);
  g_test_add_func ("/dicom-grey/wrong-tables", test_wrong_tables);
  g_test_add_func ("/dicom-grey/voi", test_voi);
  g_test_add_func ("/dicom-grey/functions", test_functions);
  g_test_add_func ("/dicom-grey/wrong-windows", test_wrong_windows);
  g_test_add_func ("/dicom-grey/presentation", test_presentation);
  g_test_add_func ("/dicom-grey/spacing", test_spacing);
  g_test_add_func ("/dicom-grey/two-spacings", test_two_spacings);
  g_test_add_func ("/dicom-grey/attributes", test_attributes);
  g_test_add_func ("/dicom-grey/charsets", test_charsets);
  return g_test_run ();
}
