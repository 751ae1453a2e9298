/* DICOM files that are not read, each with its own sentence. */
#include "dicom-film.h"

#include "io/dicom.h"

static void
test_content (void)
{
  static const struct
  {
    guint32     tag;
    const char *vr, *text; /* NULL: the number */
    int         number;
    const char *part;
  } rows[] = {
    { TAG_PHOTOMETRIC, "CS", "RGB", 0, "a DICOM picture in colour (RGB); radiographs in grey are read" },
    { TAG_PHOTOMETRIC, "CS", "PALETTE COLOR", 0, "in colour (PALETTE COLOR)" },
    { TAG_PHOTOMETRIC, "CS", "YBR_FULL_422", 0, "in colour (YBR_FULL_422)" },
    { TAG_SAMPLES, "US", NULL, 3, "in colour" },
    { TAG_FRAMES, "IS", "3", 0, "has 3 frames. One of them can be chosen (--frame 1)" },
    { TAG_ALLOCATED, "US", NULL, 32, "has pixels of 12 bits in 32; at most 16 in 8 or 16 are read" },
    { TAG_ALLOCATED, "US", NULL, 1, "has pixels of 12 bits in 1;" },
    { TAG_ALLOCATED, "US", NULL, 8, "has pixels of 12 bits in 8;" },
    { TAG_STORED, "US", NULL, 0, "has pixels of 0 bits in 16;" },
    { TAG_STORED, "US", NULL, 17, "has pixels of 17 bits in 16;" },
    { TAG_HIGH_BIT, "US", NULL, 16, "has pixels of 12 bits in 16;" },
    { TAG_HIGH_BIT, "US", NULL, 10, "has pixels of 12 bits in 16;" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Dicom) film = film_new (DICOM_EXPLICIT, NULL);

      if (rows[i].text != NULL)
        dicom_put_text (film, rows[i].tag, rows[i].vr, rows[i].text);
      else
        dicom_put_word (film, rows[i].tag, rows[i].vr, rows[i].number);
      film_refused (film, DINO_CODE_UNSUPPORTED, rows[i].part);
    }
}

static void
test_sizes (void)
{
  static const struct
  {
    int         columns, rows;
    const char *part;
  } cases[] = {
    { 0, 3, "it has 0 × 3 pixels" },
    { 4, 0, "it has 4 × 0 pixels" },
    { 32769, 1, "it has 32769 × 1 pixels; at most 32768 on a side" },
    { 65535, 65535, "it has 65535 × 65535 pixels" },
    { 32768, 2049, "67 million altogether" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Dicom) film = film_new (DICOM_EXPLICIT, NULL);

      dicom_put_word (film, TAG_COLUMNS, "US", cases[i].columns);
      dicom_put_word (film, TAG_ROWS, "US", cases[i].rows);
      film_refused (film, DINO_CODE_LIMIT, cases[i].part);
    }
}

static void
test_pixels (void)
{
  g_autoptr (Dicom) film = film_new (DICOM_EXPLICIT, NULL);

  dicom_put_words (film, TAG_PIXELS, "OW", film_words, FILM_PIXELS - 1);
  film_refused (film, DINO_CODE_FORMAT, "has 22 bytes of pixel data and needs 24");
  dicom_put_words (film, TAG_PIXELS, "OW", film_words, 0);
  film_refused (film, DINO_CODE_FORMAT, "has 0 bytes of pixel data and needs 24");
  dicom_remove (film, TAG_PIXELS);
  film_refused (film, DINO_CODE_UNSUPPORTED, "is a DICOM file (CR) without a picture");
  dicom_remove (film, TAG_MODALITY);
  film_refused (film, DINO_CODE_UNSUPPORTED, "is a DICOM file without a picture");
  dicom_put_bytes (film, DICOM_TAG (0x7fe0, 0x0008), "OF", "\0\0\0\0", 4);
  film_refused (film, DINO_CODE_UNSUPPORTED, "floating point pixels");
  dicom_remove (film, DICOM_TAG (0x7fe0, 0x0008));
  dicom_put_bytes (film, DICOM_TAG (0x7fe0, 0x0009), "OD", "\0\0\0\0\0\0\0\0", 8);
  film_refused (film, DINO_CODE_UNSUPPORTED, "floating point pixels");
}

static void
test_syntaxes (void)
{
  static const struct
  {
    const char *uid, *name;
  } rows[] = {
    { "1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Lossless" },
    { "1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000" },
    { "1.2.840.10008.1.2.4.110", "JPEG XL Lossless" },
    { "1.2.840.10008.1.2.4.100", "MPEG2 Main Profile @ Main Level" },
    { "1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile" },
    { "1.2.840.10008.1.2.4.94", "JPIP" },
    { "1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2" },
    { "1.2.840.10008.1.2.4.54", "Process 7+9" },
    { "1.2.3.4.5", "1.2.3.4.5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Dicom) film = film_new (DICOM_EXPLICIT, rows[i].uid);
      struct dino_error error = { 0 };

      dicom_put_fragment (film, "\xff\xd8\xff\xd9", 4);
      film_refused (film, DINO_CODE_UNSUPPORTED, rows[i].name);
      film_refused (film, DINO_CODE_UNSUPPORTED, "is a DICOM file in the transfer syntax");
      g_assert_null (film_try (film, DICOM_META, 0, &error));
      assert_error (&error, DINO_CODE_UNSUPPORTED, rows[i].name);
    }
}

/* What begins like a compressed picture and is none, or one of another size. */
static void
test_compressed (void)
{
  static const char jpeg[] = "\xff\xd8\xff\xc3\x00\x0b\x0c\x00\x05\x00\x04\x01\x01\x11\x00\xff\xda";
  static const char j2k[] = "\xff\x4f\xff\x51\x00\x29\x00\x00\x00\x00\x00\x08\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00"
                            "\x00\x00\x00\x08\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x0b\x01\x01"
                            "\xff\x52\x00\x0c\x00\x00\x00\x01\x00\x00\x04\x04\x00\x01\xff\x5c\x00\x04\x40\x40\xff\x90\x00\x0a\x00\x00\x00\x00\x00\x00\x00\x01";
  static const struct
  {
    const char *syntax, *bytes;
    gsize       length;
    const char *part;
  } rows[] = {
    { "1.2.840.10008.1.2.4.70", jpeg, sizeof jpeg - 1, "its compressed picture has 4 × 5 pixels, unlike its header" },
    { "1.2.840.10008.1.2.4.50", jpeg, sizeof jpeg - 1, "4 × 5 pixels" },
    { "1.2.840.10008.1.2.4.80", jpeg, sizeof jpeg - 1, "4 × 5 pixels" },
    { "1.2.840.10008.1.2.4.90", j2k, sizeof j2k - 1, "8 × 3 pixels" },
    { "1.2.840.10008.1.2.4.50", "nothing of that kind", 20, "its picture (JPEG Baseline) cannot be decoded" },
    { "1.2.840.10008.1.2.4.81", "nothing of that kind", 20, "its picture (JPEG-LS Lossy (Near-lossless)) cannot be decoded" },
    { "1.2.840.10008.1.2.4.91", "nothing of that kind", 20, "its picture (JPEG 2000 (Lossless or Lossy)) cannot be decoded" },
    { "1.2.840.10008.1.2.5", "nothing of that kind", 20, "its picture (RLE Lossless) cannot be decoded" },
    { "1.2.840.10008.1.2.4.57", "", 0, "cannot be decoded" },
    { "1.2.840.10008.1.2.4.90", "", 0, "cannot be decoded" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Dicom) film = film_new (DICOM_EXPLICIT, rows[i].syntax);

      dicom_put_fragment (film, rows[i].bytes, rows[i].length);
      g_test_message ("row %u", i);
      film_refused (film, DINO_CODE_FORMAT, rows[i].part);
    }
}

/* Plain pixels where compressed ones are announced, and the other way round. */
static void
test_wrong_form (void)
{
  g_autoptr (Dicom) plain = film_new (DICOM_EXPLICIT, "1.2.840.10008.1.2.4.70");
  g_autoptr (Dicom) fragments = film_new (DICOM_EXPLICIT, NULL);

  film_refused (plain, DINO_CODE_FORMAT, "cannot be read as DICOM");
  dicom_put_fragment (fragments, film_words, sizeof film_words);
  film_refused (fragments, DINO_CODE_FORMAT, "damaged");
}

/* Cut anywhere: a sentence, never a picture. */
static void
test_truncated (void)
{
  g_autoptr (Dicom)      film = film_new (DICOM_EXPLICIT, NULL);
  g_autoptr (GByteArray) bytes = dicom_finish (film, DICOM_PREAMBLE);

  for (guint length = 0; length < bytes->len; length += length < 132 ? 33 : 7)
    {
      struct dino_error    error = { 0 };
      struct dino_picture *picture = dino_picture_read_memory (bytes->data, length, "film.dcm", NULL, &error);

      g_test_message ("%u bytes: %s", length, error.message);
      g_assert_null (picture);
      assert_error (&error, length < 132 && length > 0 ? DINO_CODE_UNSUPPORTED : error.code, "film.dcm");
      if (length > bytes->len - 24)
        assert_error (&error, DINO_CODE_FORMAT, "cannot be read as DICOM: it is truncated or damaged");
      /* What was not there is not told either. */
      g_assert_null (strstr (error.message, "transfer syntax"));
    }
}

/* Every reason has words of its own. */
static void
test_words (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int reason = DINO_DICOM_MALFORMED; reason < DINO_DICOM_N_REASONS; reason++)
    {
      const struct dino_dicom_refusal refusal = { .reason = (enum dino_dicom_reason) reason, .a = 1, .b = 2, .text = "text" };
      struct dino_error               error = { 0 };

      g_assert_false (dino_dicom_set_refusal (&error, "film.dcm", &refusal));
      g_assert_nonnull (strstr (error.message, "“film.dcm”"));
      g_assert_true (g_hash_table_add (seen, g_strdup (error.message)));
      g_assert_true (dino_dicom_set_refusal (NULL, "film.dcm", &refusal) == false);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dicom-refused/content", test_content);
  g_test_add_func ("/dicom-refused/sizes", test_sizes);
  g_test_add_func ("/dicom-refused/pixels", test_pixels);
  g_test_add_func ("/dicom-refused/syntaxes", test_syntaxes);
  g_test_add_func ("/dicom-refused/compressed", test_compressed);
  g_test_add_func ("/dicom-refused/wrong-form", test_wrong_form);
  g_test_add_func ("/dicom-refused/truncated", test_truncated);
  g_test_add_func ("/dicom-refused/words", test_words);
  return g_test_run ();
}
