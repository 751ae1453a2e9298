#include "io/picture-message.h"

#include <stdio.h>
#include <string.h>

static const uint8_t magic[8] = "DINOPIC1";

enum
{
  KIND_PICTURE = 1,
  KIND_REFUSAL = 2
};

/* Words of 32 bits after the magic. */
enum
{
  WORD_KIND,
  WORD_WIDTH,
  WORD_HEIGHT,
  WORD_CHANNELS,
  WORD_BITS,
  WORD_FILE_BITS,
  WORD_ORIENTATION,
  WORD_NOTES,
  WORD_MODE,
  N_PICTURE_WORDS,

  WORD_REASON = WORD_WIDTH,
  WORD_A, /* two each */
  WORD_B = WORD_A + 2,
  WORD_TEXT = WORD_B + 2
};

/* Where a word stands in the head. */
#define PLACE(word) (sizeof magic + 4 * (size_t) (word))

_Static_assert(PLACE (WORD_TEXT) + DINO_REFUSAL_TEXT <= DINO_PICTURE_HEAD, "a refusal fits");
_Static_assert(PLACE (N_PICTURE_WORDS) <= DINO_PICTURE_HEAD, "a picture fits");

/* The words of the decoders, which are shown to people: only these come. */
static const struct
{
  const char *format, *mode;
} modes[] = {
  { "PNG", "1-bit grey" },
  { "PNG", "1-bit grey with transparency" },
  { "PNG", "2-bit grey" },
  { "PNG", "2-bit grey with transparency" },
  { "PNG", "4-bit grey" },
  { "PNG", "4-bit grey with transparency" },
  { "PNG", "8-bit grey" },
  { "PNG", "8-bit grey with alpha" },
  { "PNG", "16-bit grey" },
  { "PNG", "16-bit grey with alpha" },
  { "PNG", "8-bit RGB" },
  { "PNG", "8-bit RGB with alpha" },
  { "PNG", "16-bit RGB" },
  { "PNG", "16-bit RGB with alpha" },
  { "PNG", "palette" },
  { "PNG", "palette with transparency" },
  { "JPEG", "8-bit grey" },
  { "JPEG", "8-bit RGB" },
  { "JPEG", "8-bit CMYK" },
};

/* What a decoder may note; turning is not its. */
#define NOTES                                                                                                       \
  (DINO_NOTE_ALPHA_DROPPED | DINO_NOTE_PALETTE | DINO_NOTE_CMYK | DINO_NOTE_HIGH_BYTE | DINO_NOTE_PROFILE_IGNORED | \
   DINO_NOTE_EXTRANEOUS_BYTES)

static uint32_t
mode_of (const struct dino_picture *picture)
{
  uint32_t mode = 0;

  while (mode < sizeof modes / sizeof *modes && (strcmp (modes[mode].format, picture->format) != 0 || strcmp (modes[mode].mode, picture->mode) != 0))
    mode++;
  return mode;
}

static void
put (uint8_t head[DINO_PICTURE_HEAD], int word, uint32_t value)
{
  memcpy (head + PLACE (word), &value, sizeof value);
}

static uint32_t
get (const uint8_t head[DINO_PICTURE_HEAD], int word)
{
  uint32_t value;

  memcpy (&value, head + PLACE (word), sizeof value);
  return value;
}

void
dino_picture_message_pack (const struct dino_picture *picture, const struct dino_refusal *refusal, uint8_t head[DINO_PICTURE_HEAD])
{
  memset (head, 0, DINO_PICTURE_HEAD);
  memcpy (head, magic, sizeof magic);
  put (head, WORD_KIND, picture != NULL ? KIND_PICTURE : KIND_REFUSAL);
  if (picture != NULL)
    {
      put (head, WORD_WIDTH, (uint32_t) picture->width);
      put (head, WORD_HEIGHT, (uint32_t) picture->height);
      put (head, WORD_CHANNELS, (uint32_t) picture->channels);
      put (head, WORD_BITS, (uint32_t) picture->bits);
      put (head, WORD_FILE_BITS, (uint32_t) picture->file_bits);
      put (head, WORD_ORIENTATION, (uint32_t) picture->orientation);
      put (head, WORD_NOTES, picture->notes);
      put (head, WORD_MODE, mode_of (picture));
      return;
    }
  put (head, WORD_REASON, refusal->reason);
  memcpy (head + PLACE (WORD_A), &refusal->a, sizeof refusal->a);
  memcpy (head + PLACE (WORD_B), &refusal->b, sizeof refusal->b);
  memcpy (head + PLACE (WORD_TEXT), refusal->text, sizeof refusal->text);
}

static bool
is_printable (const char text[DINO_REFUSAL_TEXT])
{
  size_t length = strnlen (text, DINO_REFUSAL_TEXT);

  for (size_t i = 0; i < length; i++)
    if (text[i] < ' ' || text[i] > '~')
      return false;
  return length < DINO_REFUSAL_TEXT;
}

static void
unpack_refusal (const uint8_t head[DINO_PICTURE_HEAD], struct dino_refusal *refusal)
{
  struct dino_refusal sizes = { 0 };
  const uint32_t      reason = get (head, WORD_REASON);

  if (reason == DINO_REFUSED_NOT || reason >= DINO_REFUSED_N_REASONS)
    return;
  memcpy (&refusal->a, head + PLACE (WORD_A), sizeof refusal->a);
  memcpy (&refusal->b, head + PLACE (WORD_B), sizeof refusal->b);
  memcpy (refusal->text, head + PLACE (WORD_TEXT), sizeof refusal->text);
  /* A size that is allowed is no reason. */
  if (is_printable (refusal->text) && (reason != DINO_REFUSED_SIZE || !dino_refuse_size (&sizes, refusal->a, refusal->b)))
    refusal->reason = (enum dino_refusal_reason) reason;
}

static bool
is_file_bits (uint32_t bits)
{
  return bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
}

static struct dino_picture *
unpack_picture (const uint8_t head[DINO_PICTURE_HEAD], struct dino_error *error)
{
  struct dino_refusal  refusal = { 0 };
  const uint32_t       width = get (head, WORD_WIDTH), height = get (head, WORD_HEIGHT);
  const uint32_t       channels = get (head, WORD_CHANNELS), bits = get (head, WORD_BITS);
  const uint32_t       file_bits = get (head, WORD_FILE_BITS), orientation = get (head, WORD_ORIENTATION);
  const uint32_t       notes = get (head, WORD_NOTES), mode = get (head, WORD_MODE);
  struct dino_picture *picture;

  if (!dino_refuse_size (&refusal, width, height) || !((bits == 8 && (channels == 1 || channels == 3)) || (bits == 16 && channels == 1)) ||
      !is_file_bits (file_bits) || orientation < 1 || orientation > 8 || (notes & ~(uint32_t) NOTES) != 0 || mode >= sizeof modes / sizeof *modes)
    return NULL;
  picture = dino_picture_new ((int) width, (int) height, (int) channels, (int) bits, error);
  if (picture == NULL)
    return NULL;
  picture->file_bits = (int) file_bits;
  picture->orientation = (int) orientation;
  picture->notes = notes;
  snprintf (picture->format, sizeof picture->format, "%s", modes[mode].format);
  snprintf (picture->mode, sizeof picture->mode, "%s", modes[mode].mode);
  return picture;
}

struct dino_picture *
dino_picture_message_unpack (const uint8_t head[DINO_PICTURE_HEAD], struct dino_refusal *refusal, struct dino_error *error)
{
  *refusal = (struct dino_refusal){ 0 };
  if (memcmp (head, magic, sizeof magic) != 0)
    return NULL;
  if (get (head, WORD_KIND) == KIND_PICTURE)
    return unpack_picture (head, error);
  if (get (head, WORD_KIND) == KIND_REFUSAL)
    unpack_refusal (head, refusal);
  return NULL;
}

void *
dino_picture_message_samples (const struct dino_picture *picture, size_t *length)
{
  *length = (size_t) picture->width * (size_t) picture->height * (size_t) picture->channels * (size_t) (picture->bits / 8);
  return picture->bits == 16 ? (void *) picture->samples16 : (void *) picture->samples8;
}
