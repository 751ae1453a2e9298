/* Why a DICOM file is not read, in words. */
#include "core/base/text.h"
#include "io/dicom.h"

static bool
refuse_content (struct dino_error *error, const char *name, const struct dino_dicom_refusal *refusal)
{
  switch (refusal->reason)
    {
    case DINO_DICOM_SYNTAX:
      return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” is a DICOM file in the transfer syntax %s, which is not read."), name, refusal->text);
    case DINO_DICOM_NO_PIXELS:
      if (refusal->text[0] != '\0')
        return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” is a DICOM file (%s) without a picture."), name, refusal->text);
      return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” is a DICOM file without a picture."), name);
    case DINO_DICOM_FLOAT:
      return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” holds floating point pixels, which are not read."), name);
    case DINO_DICOM_COLOUR:
      return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” is a DICOM picture in colour (%s); radiographs in grey are read."), name, refusal->text);
    case DINO_DICOM_FRAMES:
      return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” has %lld frames. One of them can be chosen (--frame 1)."), name, (long long) refusal->a);
    case DINO_DICOM_NO_FRAME:
      return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("“%s” has no frame %lld; it has %lld."), name, (long long) refusal->a, (long long) refusal->b);
    default:
      return false;
    }
}

static bool
refuse_numbers (struct dino_error *error, const char *name, const struct dino_dicom_refusal *refusal)
{
  switch (refusal->reason)
    {
    case DINO_DICOM_TOO_LARGE:
      return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” is too large: at most %lld MiB are read."), name, (long long) refusal->a);
    case DINO_DICOM_BITS:
      return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” has pixels of %lld bits in %lld; at most 16 in 8 or 16 are read."), name, (long long) refusal->b, (long long) refusal->a);
    case DINO_DICOM_SIZE:
      return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” says that it has %lld × %lld pixels; at most %d on a side and %d million altogether are read."),
                             name, (long long) refusal->a, (long long) refusal->b, DINO_PICTURE_MAX_SIDE, (int) (DINO_PICTURE_MAX_PIXELS / 1000000));
    case DINO_DICOM_SHORT:
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged: it has %lld bytes of pixel data and needs %lld."), name, (long long) refusal->a, (long long) refusal->b);
    case DINO_DICOM_CODESTREAM:
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged: its compressed picture has %lld × %lld pixels, unlike its header."), name, (long long) refusal->a, (long long) refusal->b);
    default:
      return false;
    }
}

bool
dino_dicom_set_refusal (struct dino_error *error, const char *name, const struct dino_dicom_refusal *refusal)
{
  switch (refusal->reason)
    {
    case DINO_DICOM_MALFORMED:
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” cannot be read as DICOM: %s."), name, refusal->text);
    case DINO_DICOM_DECODING:
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged: its picture (%s) cannot be decoded."), name, refusal->text);
    case DINO_DICOM_TABLE:
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged: its %s lookup table makes no sense."), name, refusal->text);
    case DINO_DICOM_MEMORY:
      return dino_error_set (error, DINO_CODE_MEMORY, _ ("“%s” needs more memory than a DICOM picture may take."), name);
    case DINO_DICOM_SYNTAX:
    case DINO_DICOM_NO_PIXELS:
    case DINO_DICOM_FLOAT:
    case DINO_DICOM_COLOUR:
    case DINO_DICOM_FRAMES:
    case DINO_DICOM_NO_FRAME:
      return refuse_content (error, name, refusal);
    case DINO_DICOM_TOO_LARGE:
    case DINO_DICOM_BITS:
    case DINO_DICOM_SIZE:
    case DINO_DICOM_SHORT:
    case DINO_DICOM_CODESTREAM:
      return refuse_numbers (error, name, refusal);
    case DINO_DICOM_N_REASONS:
    default:
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” cannot be read as DICOM."), name);
    }
}
