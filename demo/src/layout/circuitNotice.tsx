import { Alert } from '@mui/material';
import { useRateLimitState } from 'ra-rate-limit/react';
import { formatWait } from '../shared/format';

/** Above every page: while nothing can be saved, when it can be again. */
export const CircuitNotice = () => {
    const { isOpen, retryInMs } = useRateLimitState();
    if (!isOpen || retryInMs === null) return null;
    return (
        <Alert severity="warning" variant="filled" sx={{ mt: 2 }}>
            Too many requests. You can save again in {/* Not read out with each second that passes. */}
            <span role="timer" aria-live="off">
                {formatWait(retryInMs)}
            </span>
            .
        </Alert>
    );
};
