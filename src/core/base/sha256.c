#include "core/base/sha256.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdint.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#define PIECE ((size_t) 1 << 20)

struct dino_sha256
{
  EVP_MD_CTX *context;
  bool        failed;
};

struct dino_sha256 *
dino_sha256_new (struct dino_error *error)
{
  struct dino_sha256 *sum = dino_alloc_zeroed (1, sizeof *sum, error);

  if (sum == NULL)
    return NULL;
  sum->context = EVP_MD_CTX_new ();
  if (sum->context == NULL || EVP_DigestInit_ex (sum->context, EVP_sha256 (), NULL) != 1)
    {
      dino_error_set_memory (error, sizeof *sum);
      EVP_MD_CTX_free (sum->context);
      dino_free (sum);
      return NULL;
    }
  return sum;
}

void
dino_sha256_update (struct dino_sha256 *sum, const void *data, size_t length)
{
  if (EVP_DigestUpdate (sum->context, data, length) != 1)
    sum->failed = true;
}

static void
write_digits (const unsigned char *digest, unsigned int length, char text[DINO_SHA256_LENGTH])
{
  static const char digits[] = "0123456789abcdef";
  size_t            used = 0;

  for (unsigned int i = 0; i < length && used + 2 < DINO_SHA256_LENGTH; i++)
    {
      text[used++] = digits[digest[i] >> 4];
      text[used++] = digits[digest[i] & 15];
    }
  text[used] = '\0';
}

void
dino_sha256_finish (struct dino_sha256 *sum, char text[DINO_SHA256_LENGTH])
{
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int  length = 0;

  text[0] = '\0';
  if (sum != NULL && EVP_DigestFinal_ex (sum->context, digest, &length) == 1 && !sum->failed)
    write_digits (digest, length, text);
  if (sum != NULL)
    EVP_MD_CTX_free (sum->context);
  dino_free (sum);
}

static bool
update_from_file (struct dino_sha256 *sum, int fd, const char *path, uint64_t size, const struct dino_progress *progress, struct dino_error *error)
{
  void *piece = dino_alloc (PIECE, 1, error);
  int   total = (int) (size / PIECE);
  bool  ok = piece != NULL;

  for (uint64_t done = 0; ok && done < size;)
    {
      size_t length = size - done < PIECE ? (size_t) (size - done) : PIECE;

      if (!dino_progress_report (progress, (int) (done / PIECE), total))
        ok = dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
      else
        ok = dino_file_read_at (fd, path, piece, length, done, error);
      if (ok)
        dino_sha256_update (sum, piece, length);
      done += length;
    }
  dino_free (piece);
  return ok;
}

/* The text is empty when a part of it failed. */
static bool
check_sum (const char *text, const char *name, struct dino_error *error)
{
  return text[0] != '\0' || dino_error_set (error, DINO_CODE_IO, _ ("The checksum of “%s” could not be computed."), name);
}

bool
dino_sha256_open_file (int fd, const char *name, uint64_t size, char text[DINO_SHA256_LENGTH], const struct dino_progress *progress, struct dino_error *error)
{
  struct dino_sha256 *sum = dino_sha256_new (error);
  bool                good = sum != NULL && update_from_file (sum, fd, name, size, progress, error);

  dino_sha256_finish (sum, text);
  dino_error_about (error, name);
  good = good && check_sum (text, name, error);
  if (!good)
    text[0] = '\0';
  return good;
}

bool
dino_sha256_file (const char *path, char text[DINO_SHA256_LENGTH], const struct dino_progress *progress, struct dino_error *error)
{
  uint64_t size = 0;
  int      fd = dino_file_open (path, &size, error);
  bool     good;

  text[0] = '\0';
  if (fd < 0)
    return false;
  good = dino_sha256_open_file (fd, path, size, text, progress, error);
  close (fd);
  return good;
}

bool
dino_sha256_memory (const void *data, size_t length, char text[DINO_SHA256_LENGTH], struct dino_error *error)
{
  struct dino_sha256 *sum = dino_sha256_new (error);

  if (sum != NULL)
    dino_sha256_update (sum, data, length);
  dino_sha256_finish (sum, text);
  return text[0] != '\0' || dino_error_set_memory (error, length);
}

bool
dino_hmac_sha256 (const void *key, size_t key_length, const void *data, size_t length, char text[DINO_SHA256_LENGTH], struct dino_error *error)
{
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int  digest_length = 0;

  text[0] = '\0';
  if (key_length > INT_MAX || HMAC (EVP_sha256 (), key, (int) key_length, data, length, digest, &digest_length) == NULL)
    return dino_error_set_memory (error, length);
  write_digits (digest, digest_length, text);
  return true;
}
