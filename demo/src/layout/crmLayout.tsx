import { Layout, type LayoutProps } from 'react-admin';
import { CircuitNotice } from './circuitNotice';
import { CrmMenu } from './crmMenu';

export const CrmLayout = ({ children, ...props }: LayoutProps) => (
    <Layout menu={CrmMenu} {...props}>
        <CircuitNotice />
        {children}
    </Layout>
);
